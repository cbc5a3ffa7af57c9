import { Notification, type BrowserWindow } from 'electron';
import { procedures } from '../core/contract/procedures.ts';
import type { EngineStatus } from '../core/contract/system.ts';
import type { ShellTranslate } from './messages.ts';

const quietMs = 30_000;

interface NoticesOptions {
  readonly window: () => BrowserWindow | undefined;
  readonly status: () => Promise<unknown>;
  readonly show: () => void;
  readonly speak: () => Promise<ShellTranslate>;
}

/** Tells the desktop what has come to wait for the clerk while the window is not looked at; a click brings it up. */
export class Notices {
  readonly #options: NoticesOptions;
  #told: EngineStatus['counts'] | undefined;
  #lastAt = -quietMs;
  #pushes = 0;

  constructor(options: NoticesOptions) {
    this.#options = options;
  }

  /** Called at each push of the engine; a push says that something changed, the counts say what. */
  async onEvent(name: string): Promise<void> {
    if (name !== 'intake.changed' && name !== 'token.changed') return;
    if (!Notification.isSupported()) return;
    this.#pushes++;
    if (this.#pushes > 1) return;
    // A push that comes while the counts are under way is asked about afterwards, once.
    for (let seen = 0; seen !== this.#pushes;) {
      seen = this.#pushes;
      // An engine that is away is shown in the window; the next push asks again.
      const answer = await this.#options.status().catch(() => undefined);
      const status = procedures['engine.status'].output.safeParse(answer);
      if (status.success) this.#tell(status.data.counts, await this.#options.speak());
    }
    this.#pushes = 0;
  }

  #tell(counts: EngineStatus['counts'], t: ShellTranslate): void {
    const before = this.#told;
    const words = before && newlyWaiting(before, counts, t);
    const isSeen = this.#options.window()?.isFocused() === true;
    if (!words || isSeen || performance.now() - this.#lastAt < quietMs) {
      // What is looked at, and what became less, is the new beginning; what could not be told yet is told later.
      if (!words || isSeen) this.#told = counts;
      return;
    }
    this.#told = counts;
    this.#lastAt = performance.now();
    const notice = new Notification({ title: 'Ấn Thư', body: words });
    notice.on('click', this.#options.show);
    notice.show();
  }
}

/** Titles stay out: a notification is read by whoever stands before a locked screen. */
function newlyWaiting(
  before: EngineStatus['counts'],
  now: EngineStatus['counts'],
  t: ShellTranslate,
): string | undefined {
  const parts = [
    now.proposed > before.proposed && t('notice.proposed', { n: now.proposed }),
    now.attention > before.attention && t('notice.attention', { n: now.attention }),
    now.waitingForToken > before.waitingForToken && t('notice.token', { n: now.waitingForToken }),
  ].filter((part) => part !== false);
  return parts.length === 0 ? undefined : t('notice.waiting', { parts: parts.join(', ') });
}
