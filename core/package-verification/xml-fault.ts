/** Why an XML signature cannot be judged to the end; carries no text from the file. */
export type XmlFaultKind = 'malformed' | 'unsupported' | 'data-missing' | 'limit';

/** Thrown inside this room only; every one ends as a verdict. */
export class XmlFault extends Error {
  readonly kind: XmlFaultKind;

  constructor(kind: XmlFaultKind, reason: string) {
    super(reason);
    this.kind = kind;
  }
}
