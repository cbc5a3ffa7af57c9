import { afterEach, beforeEach, expect, it } from 'vitest';
import { SampleOffice } from '../../tests/lib/sample-office.ts';
import { recordObject } from '../store/object-rows.ts';

let office: SampleOffice;
let id: string;
beforeEach(async () => {
  office = await SampleOffice.open();
  id = office.documents.create(office.agencyId, 'registered');
});
afterEach(() => office.close());

function store(letter: string): string {
  const sha256 = letter.repeat(64);
  recordObject(office.database, { sha256, bytes: 5, mediaType: 'application/pdf' }, office.clock.now());
  return sha256;
}

it('keeps every file in the order it came; the newest of a role is the one to use', () => {
  const { documents } = office;
  const received = store('a');
  const sealed = store('b');
  const resealed = store('c');
  documents.addObject(id, { sha256: received, role: 'received', name: 'thư.pdf' });
  documents.addObject(id, { sha256: sealed, role: 'sealed', name: 'thư.pdf', extendsSha256: received });
  documents.addObject(id, { sha256: resealed, role: 'sealed', name: 'thư.pdf', extendsSha256: sealed });
  expect(documents.objects(id).map((object) => object.sha256)).toEqual([received, sealed, resealed]);
  expect(documents.newest(id, 'sealed')?.sha256).toBe(resealed);
  expect(documents.newest(id, 'package')).toBeUndefined();
});

it('speaks only of files that are stored', () => {
  expect(() =>
    office.documents.addObject(id, { sha256: 'f'.repeat(64), role: 'received', name: 'x' }),
  ).toThrow(/FOREIGN KEY/);
});

it('a quarantined file is not there for anybody', () => {
  const sha256 = store('a');
  expect(office.documents.file(sha256)).toEqual({ mediaType: 'application/pdf', bytes: 5 });
  office.documents.markQuarantined(sha256);
  expect(office.documents.file(sha256)).toBeUndefined();
  expect(office.documents.storedFiles()).toEqual([]);
});

function judge(sha256: string, verdict: 'valid' | 'indeterminate'): void {
  const report = { input: 'thư.pdf', sha256, verdict, advice: 'register' } as const;
  office.documents.addCheck(id, sha256, { ...report, signatures: [], messages: [] });
}

it('takes the last judgement made for the last one, also when the clock was set back before it', () => {
  const sha256 = store('a');
  office.clock.set('2030-01-01T00:00:00Z');
  judge(sha256, 'valid');
  office.clock.set('2026-03-02T01:00:00Z');
  judge(sha256, 'indeterminate');
  expect(office.documents.newestReport(id, sha256)?.verdict).toBe('indeterminate');
  expect(office.documents.checks(id).at(-1)?.report.verdict).toBe('indeterminate');
});

it('keeps each judgement of its signatures beside the earlier ones', () => {
  const sha256 = store('a');
  judge(sha256, 'indeterminate');
  office.clock.advance(1000);
  judge(sha256, 'valid');
  expect(office.documents.checks(id).map((check) => check.report.verdict)).toEqual([
    'indeterminate',
    'valid',
  ]);
});

it('moves from registered over signing to sealed', () => {
  office.documents.setState(id, 'sealed');
  expect(office.documents.state(id)).toBe('sealed');
  expect(() => office.documents.state('nobody')).toThrow(
    expect.objectContaining({ code: 'general.not-found' }),
  );
});
