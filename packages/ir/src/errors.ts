/**
 * The one error class. Whatever a model or an option does wrong surfaces as a `CompilerError` with
 * a stable code, a message that says what is wrong, and a hint that says what to do about it.
 * Anything else that is thrown is a bug of ours.
 */

export const errorCodes = {
  E_INVALID_MODEL: 'The bytes are not a well-formed ONNX model.',
  E_INVALID_GRAPH: 'A graph breaks a rule of the IR: types, order of definition, names.',
  E_INVALID_TEXT: 'A text form does not parse.',
  E_UNSUPPORTED_OP: 'The model uses operators that no rule lowers; all of them are listed.',
  E_UNSUPPORTED_FEATURE: 'An operator is known, but not in the form that this model uses.',
  E_UNBOUND_DIM: 'A dimension has a name where a number is needed; bind it with --shape or --dim.',
  E_INVALID_OPTION: 'An option or an argument has a value that means nothing here.',
  E_EXTERNAL_DATA: 'A tensor lives in another file that is absent, too short or out of bounds.',
  E_LIMIT_DEPTH: 'The model nests deeper than the limit.',
  E_LIMIT_SIZE: 'A tensor, a graph or a file is larger than the limit.',
  E_LIMIT_COUNT: 'The model has more nodes, tensors or attributes than the limit.',
  E_VERIFY_FAILED: 'A compiled model and the reference disagree.',
  E_IO: 'A file could not be read or written.',
  E_INTERNAL: 'Whittle broke one of its own rules; please report it.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** Where in a model the trouble is, as far as known. Names are the model's own. */
export interface ErrorLocation {
  readonly graph?: string;
  readonly node?: string;
  readonly op?: string;
  readonly tensor?: string;
}

export interface CompilerErrorOptions {
  readonly hint?: string;
  readonly where?: ErrorLocation;
  readonly cause?: unknown;
}

export class CompilerError extends Error {
  override readonly name = 'CompilerError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly where: ErrorLocation;

  constructor(code: ErrorCode, message: string, options: CompilerErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.where = options.where ?? {};
  }
}
