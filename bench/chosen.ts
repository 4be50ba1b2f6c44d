import type { Bench } from './case.ts';
import { bareProxy, type Contestant, gateway, plainNode } from './contestants.ts';

/** The contestants of a case that run: the gateway and the limits always, peers as the user wants, if they can. */
export const chosenFrom = (all: readonly Contestant[], { options, question }: Bench): readonly Contestant[] =>
  all.filter((one) => {
    if (one === gateway || one === plainNode) return true;
    return question.isPage && (one === bareProxy || options.contestants.includes(one.name));
  });
