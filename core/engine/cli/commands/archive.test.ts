import { expect, it } from 'vitest';
import { archiveCommand } from './archive.ts';

// Without a data folder: what is wrong is said before anything is opened.
it.each([
  'sha-256=2027-01-01',
  'rsa=2027-01-01',
  'sha256=2027-02-30',
  'sha256=01/02/2027',
  'constructor=2027-01-01',
])(
  'archive retain --ends %s is a wrong call, for nothing would be due and nobody would know why',
  async (given) => {
    await expect(
      archiveCommand(['retain', '--list', '--ends', given, '--data', '/nowhere/eyes']),
    ).rejects.toMatchObject({
      code: 'general.usage',
    });
  },
);
