import { procedures } from '../core/contract/procedures.ts';
import type { Language } from '../core/contract/sentences.ts';

/** The language that the office has chosen in the settings; Vietnamese until the engine has told. */
export class ChosenLanguage {
  readonly #settings: () => Promise<unknown>;
  #last: Language = 'vi';

  /** `settings`: asks the engine for `settings.get`. */
  constructor(settings: () => Promise<unknown>) {
    this.#settings = settings;
  }

  /** Asked anew each time, for it may have been changed; an engine that is away leaves the last answer. */
  async now(): Promise<Language> {
    const answer = await this.#settings().catch(() => undefined);
    const settings = procedures['settings.get'].output.safeParse(answer);
    if (settings.success) this.#last = settings.data.language;
    return this.#last;
  }
}
