/** English function words, which a last word that needs the whole passage hardly ever is. */
export const stopWords = new Set(
  `a about above after again against all also am an and any are aren't as at be because been before being below between
   both but by can can't could couldn't did didn't do does doesn't doing don't down during each either else ever every few for
   from further had hadn't has hasn't have haven't having he he'd he'll he's her here here's hers herself him himself his how
   i i'd i'll i'm i've if in into is isn't it it's its itself just let's may me might more most much must my myself neither no
   nor not now of off on once one only or other our ours ourselves out over own quite rather said same shall she she'd she'll
   she's should shouldn't so some still such than that that's the their theirs them themselves then there there's these they
   they'd they'll they're they've this those though through till to too under until up upon us very was wasn't we we'd we'll
   we're we've were weren't what what's when where which while who whom whose why will with won't would wouldn't yes yet you
   you'd you'll you're you've your yours yourself yourselves`.split(/\s+/),
);
