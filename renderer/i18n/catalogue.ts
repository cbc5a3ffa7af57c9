import en from '../../resources/messages/en.json' with { type: 'json' };
import vi from '../../resources/messages/vi.json' with { type: 'json' };

export type Language = 'vi' | 'en';
export type MessageKey = keyof typeof vi;
export type MessageValues = Readonly<Record<string, string | number>>;
export type Translate = (key: MessageKey, values?: MessageValues) => string;

const catalogues: Record<Language, Record<MessageKey, string>> = { vi, en };

/** The translator of a language; `{name}` in a message stands for a value. */
export function translator(language: Language): Translate {
  const catalogue = catalogues[language];
  return (key, values = {}) =>
    catalogue[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
