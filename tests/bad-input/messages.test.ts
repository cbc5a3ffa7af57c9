import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sentenceFor } from '../../core/contract/sentences.ts';
import { ckrTable } from '../../native/pkcs11/ckr-table.ts';
import { tokenError } from '../../native/pkcs11/ckr.ts';
import { errorDefinitions, type ErrorCode } from '../../core/contract/errors/index.ts';

const root = join(import.meta.dirname, '../..');
const codes = Object.keys(errorDefinitions) as ErrorCode[];
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');

interface Thrown {
  readonly code: ErrorCode;
  /** Names of the detail; undefined when it is not written out at the place. */
  readonly names: readonly string[] | undefined;
  readonly where: string;
}

const makers = /(?:new AnThuError|sentenceFor|\bwarning|\.warn)\(\s*'([a-z0-9.-]+)'/g;

/** Facts that are added on the way: the token service counts the wrong tries of a PIN. */
const addedLater: Readonly<Record<string, string>> = { 'token.pin-incorrect': 'failedTries' };

/** Every place that makes an error with its code written out. */
function thrownInSource(): Thrown[] {
  const found: Thrown[] = [];
  for (const room of ['core', 'native']) {
    for (const entry of readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })) {
      if (!entry.endsWith('.ts') || entry.endsWith('.test.ts')) continue;
      const source = readFileSync(join(root, room, entry), 'utf8');
      for (const match of source.matchAll(makers)) {
        const code = match[1] as ErrorCode;
        if (!codes.includes(code)) continue;
        const rest = source.slice(match.index + match[0].length);
        found.push({ code, names: detailNames(rest), where: `${room}/${entry}` });
      }
    }
  }
  return found;
}

/** The names of an object literal that follows, `[]` when none follows, undefined when it cannot be told. */
function detailNames(rest: string): string[] | undefined {
  if (/^\s*\)/.test(rest)) return [];
  const open = /^\s*,\s*\{/.exec(rest);
  if (!open) return undefined;
  let depth = 1;
  let at = open[0].length;
  const start = at;
  for (; at < rest.length && depth > 0; at++) {
    if ('{(['.includes(rest.charAt(at))) depth++;
    else if ('})]'.includes(rest.charAt(at))) depth--;
  }
  const body = rest.slice(start, at - 1);
  if (body.includes('...')) return undefined;
  return topLevelParts(body)
    .map((part) => /^\s*['"]?(\w+)['"]?\s*(?::|$)/.exec(part)?.[1] ?? '')
    .filter((name) => name !== '');
}

function topLevelParts(body: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let part = '';
  for (const character of body) {
    if (quote) {
      if (character === quote) quote = '';
    } else if ('\'"`'.includes(character)) quote = character;
    else if ('{(['.includes(character)) depth++;
    else if ('})]'.includes(character)) depth--;
    else if (character === ',' && depth === 0) {
      parts.push(part);
      part = '';
      continue;
    }
    part += character;
  }
  return [...parts, part];
}

describe('the sentences of errors', () => {
  it('speak of the same facts in both languages', () => {
    for (const code of codes) {
      const { vi, en } = errorDefinitions[code];
      expect([...new Set(placeholders(vi))].toSorted(), code).toEqual(
        [...new Set(placeholders(en))].toSorted(),
      );
    }
  });

  it('end as sentences and hold no question mark that could be taken for an unknown', () => {
    for (const code of codes) {
      expect(errorDefinitions[code].vi, code).toMatch(/\.$/);
      expect(errorDefinitions[code].vi, code).not.toContain('?');
    }
  });

  it('get every fact they speak of, at every place that makes the error', () => {
    const thrown = thrownInSource();
    expect(thrown.length).toBeGreaterThan(100);
    const missing = thrown.flatMap(({ code, names, where }) =>
      names === undefined
        ? []
        : placeholders(errorDefinitions[code].vi)
            .filter((name) => !names.includes(name) && addedLater[code] !== name)
            .map((name) => `${where}: ${code} without ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('get every fact also when a token driver names the failure', () => {
    const names = Object.keys(ckrTable);
    expect(names.length).toBeGreaterThan(20);
    for (const name of names)
      for (const operation of ['C_GetSlotList', 'C_Login', 'C_Sign']) {
        const { code, detail } = tokenError(new Error(name), operation, 'rsa-pkcs1');
        const added = addedLater[code];
        expect(sentenceFor(code, added ? { ...detail, [added]: 1 } : detail), name).not.toMatch(/[{}?]/);
      }
  });
});
