/** What a sentence says for its `{name}`s. */
export type SentenceValues = Readonly<Record<string, string | number>>;

/** A sentence with its values put in; a `{name}` for which there is none stays. */
export function withValues(sentence: string, values: SentenceValues): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
