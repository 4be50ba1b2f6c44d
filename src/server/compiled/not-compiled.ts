/** Says that an operation, or the answer to it, is for the interpreter: it is not what compiled operations can do. */
export class NotCompiled extends Error {
  constructor() {
    super('For the interpreter.');
    this.name = 'NotCompiled';
  }
}
