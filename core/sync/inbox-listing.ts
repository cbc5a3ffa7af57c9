import { z } from 'zod';
import { AnThuError } from '../shared/errors.ts';
import { showOutsideText } from '../shared/outside-text.ts';
import { type InboxItem, inboxItemSchema } from './protocol.ts';

/** A row of the province's list that cannot be taken as it is. */
export interface MalformedItem {
  /** What it gives as its id, fit to be shown; empty when it gives none. */
  readonly id: string;
  /** Which part is wrong, and how. */
  readonly reason: string;
}

/** What waits at the province, as far as it can be read. */
export interface InboxListing {
  /** Oldest first, each id once. */
  readonly items: readonly InboxItem[];
  /** Set aside: asked for again with the next list, which may have been mended. */
  readonly malformed: readonly MalformedItem[];
  /** Why the list was not read to its end: what was read before it counts. */
  readonly cutOff?: AnThuError;
}

const LONGEST_SHOWN = 80;

/** Gathers the rows of several pages: a row that is wrong costs itself and nothing else. */
export class InboxListingReader {
  readonly #items = new Map<string, InboxItem>();
  /** By id, so that a row told twice counts once; by place where there is none. */
  readonly #malformed = new Map<string, MalformedItem>();
  readonly #disputed = new Set<string>();

  get isEmpty(): boolean {
    return this.#items.size === 0 && this.#malformed.size === 0;
  }

  add(row: unknown): void {
    const parsed = inboxItemSchema.safeParse(row);
    if (!parsed.success) return this.#setAside(idOf(row), wrongPart(parsed.error));
    const item = parsed.data;
    const known = this.#items.get(item.id);
    if (known && known.sha256 !== item.sha256) {
      // Which of the two is meant nobody here can tell.
      this.#items.delete(item.id);
      this.#disputed.add(item.id);
      return this.#setAside(item.id, 'two contents under one id');
    }
    if (!this.#disputed.has(item.id)) this.#items.set(item.id, item);
  }

  listing(cutOff?: AnThuError): InboxListing {
    return {
      items: [...this.#items.values()].sort((a, b) => a.sequence - b.sequence),
      malformed: [...this.#malformed.values()],
      ...(cutOff && { cutOff }),
    };
  }

  #setAside(id: string, reason: string): void {
    this.#malformed.set(id === '' ? `#${this.#malformed.size}` : id, { id, reason });
  }
}

/** One error for all rows that were set aside, named after the first. Undefined when there are none. */
export function malformedError(malformed: readonly MalformedItem[]): AnThuError | undefined {
  const [first] = malformed;
  if (!first) return undefined;
  const id = first.id === '' ? '?' : first.id;
  return new AnThuError('sync.inbox-item-malformed', { count: malformed.length, id, reason: first.reason });
}

function idOf(row: unknown): string {
  const id = z.object({ id: z.union([z.string(), z.number()]) }).safeParse(row);
  return id.success ? showOutsideText(String(id.data.id).slice(0, LONGEST_SHOWN)) : '';
}

function wrongPart({ issues: [issue] }: z.ZodError): string {
  return showOutsideText(
    `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong'}`.slice(0, 2 * LONGEST_SHOWN),
  );
}
