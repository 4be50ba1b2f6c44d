import { ask, complaintOf, differenceOf } from './ask.ts';
import { type Contestant, gateway } from './contestants.ts';
import { fillTemplate, type Template } from './load/template.ts';
import type { Question } from './question.ts';
import type { RunningServer } from './running.ts';

/** A contestant that runs, and its requests. */
export interface Entrant {
  readonly contestant: Contestant;
  readonly server: RunningServer;
  readonly template: Template;
}

/** Numbers of requests from here on are for comparing. As seconds after 1970 they are still before any image. */
export const FIRST_COMPARED = 1_400_000_000;

/** Asks everybody the same, several times, and compares what they say with the gateway's answer. */
export async function compare<One extends Entrant>(
  entrants: readonly One[],
  question: Question,
  turn: number,
): Promise<Map<One, string>> {
  const unlike = new Map<One, string>();
  const reference = entrants.find(({ contestant }) => contestant === gateway);
  // Of anything but a page there are no others who could answer it.
  if (reference === undefined || !question.isPage) return unlike;
  for (let i = 0; i < 5; i += 1) {
    const n = FIRST_COMPARED + turn * 1_000_000 + i * 12_345;
    const answerOf = async ({ server, template }: Entrant) => {
      const answered = await ask(server.url, fillTemplate(template, n));
      const complaint = complaintOf(answered);
      return complaint ?? (answered.json as object);
    };
    const expected = await answerOf(reference);
    if (typeof expected === 'string') return unlike.set(reference, expected);
    // Who sends finished bytes sends the same ones whatever is asked.
    for (const entrant of entrants.filter(({ contestant: { name } }) => name !== 'plain-node')) {
      const answer = await answerOf(entrant);
      const pageOf = (of: Entrant, json: object) => of.contestant.toPage(json, question);
      const difference =
        typeof answer === 'string' ? answer : differenceOf(pageOf(reference, expected), pageOf(entrant, answer));
      if (difference !== null && !unlike.has(entrant)) unlike.set(entrant, difference);
    }
  }
  return unlike;
}
