/** What a logarithm is told as that JSON cannot write, as in OpenAI's interface. */
export const leastLogprob: number = -9999;
