import { errorValueSchema, type ErrorValue } from '../../core/contract/errors/value.ts';

/** An error of the contract as it reached the page; `message` is the sentence for the clerk. */
export class EngineError extends Error {
  readonly value: ErrorValue;

  constructor(value: ErrorValue) {
    super(value.message);
    this.name = 'EngineError';
    this.value = value;
  }
}

/** Whatever was thrown, as an error value; what is not of the contract becomes `general.defect`. */
export function errorValueOf(thrown: unknown): ErrorValue {
  if (thrown instanceof EngineError) return thrown.value;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return parseErrorText(text) ?? { code: 'general.defect', message: text, detail: {} };
}

/** Electron puts words of its own before the message of an error from the main process. */
function parseErrorText(text: string): ErrorValue | null {
  const start = text.indexOf('{');
  if (start < 0) return null;
  try {
    return errorValueSchema.parse(JSON.parse(text.slice(start)));
  } catch {
    return null;
  }
}
