import { setImmediate as otherWork } from 'node:timers/promises';

/** Rows that are looked at in one turn: what is done with one takes a few microseconds at most. */
export const ROWS_PER_TURN = 1000;

/**
 * Waits until so many more rows may be looked at. Between any {@link ROWS_PER_TURN} rows the other work of the process gets its
 * turn, whoever of those who share a pace looks at them.
 */
export type Pace = (rows: number) => Promise<void>;

/** The pace of one request. */
export function createPace(): Pace {
  let turn: Promise<void> = Promise.resolve();
  let rowsInTurn = ROWS_PER_TURN;
  return (rows) => {
    if (rowsInTurn + rows > ROWS_PER_TURN) {
      turn = turn.then(() => otherWork());
      rowsInTurn = 0;
    }
    rowsInTurn += rows;
    return turn;
  };
}
