/** Whether products may use relaxed multiply-adds; engines without them get a module of its own. */
export const RELAXED: bool = true;
