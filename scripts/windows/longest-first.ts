import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take longest under Wine, the longest first: many start programs, or wait for a driver that hangs. Begun at the end, one
 * of them would go on alone for most of a minute.
 */
export const longest = [
  'tests/windows/tokens.win32.ts',
  'tests/bad-input/worker.test.ts',
  'tests/verification/cli.test.ts',
  'tests/bad-input/token.test.ts',
  'tests/batch/signing-crew.test.ts',
  'tests/bad-input/files.test.ts',
  'tests/bad-input/store.test.ts',
  'tests/signing/sign-pdf.test.ts',
  'tests/bad-input/revocation.test.ts',
  'tests/cli/general.test.ts',
  'tests/signing/timestamp.test.ts',
  'tests/intake/claims.test.ts',
];

const place = ({ moduleId }: TestSpecification): number => {
  const path = moduleId.replaceAll('\\', '/');
  const at = longest.findIndex((file) => path.endsWith(`/${file}`));
  return at < 0 ? longest.length : at;
};

/** Vitest's own order, but for the longest files. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}
