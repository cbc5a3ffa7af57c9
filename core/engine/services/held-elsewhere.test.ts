import { expect, it } from 'vitest';
import type { ElsewhereClaims } from '../../intake/folder-owner.ts';
import { HeldElsewhere } from './held-elsewhere.ts';

const minute = 60_000;
let monotonic = 0;
const clock = { now: () => new Date('2026-11-22T08:00:00Z'), monotonic: () => monotonic };

function claimsOf(owner: string | null, name: string): ElsewhereClaims {
  const path = `/quét/.an-thu/x/${name}`;
  const file = { claimId: 'x', path, originalName: name, bytes: 3, mtimeMs: 0, copiedFrom: undefined };
  return { owner, computer: owner && 'MAY-2', dataFolder: owner && '/du-lieu', files: [file] };
}

it('a file that another computer holds is shown after ten minutes, until it is done with', () => {
  const held = new HeldElsewhere(clock);
  held.note('/quét', [claimsOf('so-2', 'a.pdf')]);
  monotonic += 9 * minute;
  held.note('/quét', [claimsOf('so-2', 'a.pdf'), claimsOf(null, 'cũ.pdf')]);
  expect(held.candidates()).toEqual([]);
  monotonic += minute;
  held.note('/quét', [claimsOf('so-2', 'a.pdf'), claimsOf(null, 'cũ.pdf')]);
  expect(held.candidates()).toMatchObject([
    { name: 'a.pdf', state: 'held-elsewhere', error: { code: 'intake.held-elsewhere' } },
  ]);
  expect(held.candidates()[0]?.error?.message).toContain('(MAY-2, /du-lieu)');
  monotonic += 10 * minute;
  held.note('/quét', [claimsOf(null, 'cũ.pdf')]);
  expect(held.candidates().map(({ error }) => error?.code)).toEqual(['intake.held-unowned']);
});

it('of a folder named to deceive nothing reaches a terminal or a window', () => {
  const held = new HeldElsewhere(clock);
  held.note('/quét', [claimsOf('so-2', 'a\u001b[2J\u202efdp.exe')]);
  monotonic += 10 * minute;
  const said = held.candidates()[0]?.error?.message;
  for (const deceiving of ['\u001b', '\u202e']) expect(said).not.toContain(deceiving);
});
