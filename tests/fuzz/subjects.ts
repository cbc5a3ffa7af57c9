import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { PdfDict, PdfStream } from '../../core/pdf/objects.ts';
import { formBytes, signWithRules } from '../verification/certified-files.ts';
import {
  appendDocumentTimestamp,
  appendUpdate,
  openWorkshop,
  type Workshop,
} from '../verification/signed-files.ts';

/** A signed file that mutants are made of. */
export interface Subject {
  readonly name: string;
  readonly path: string;
  readonly bytes: Buffer;
  /** Of each signature: its gap and the end of what it covers, oldest first. */
  readonly ranges: readonly { readonly gap: readonly [number, number]; readonly end: number }[];
}

/** A workshop with signed files of many kinds, every one of them valid. */
export interface FuzzShop {
  readonly shop: Workshop;
  readonly subjects: readonly Subject[];
}

export async function openFuzzShop(): Promise<FuzzShop> {
  const shop = await openWorkshop();
  const form = await shop.write('form.pdf', formBytes());
  const streams = shop.path('streams.pdf');
  execFileSync('qpdf', ['--object-streams=generate', form, streams]);
  const locked = shop.path('locked.pdf');
  execFileSync('qpdf', ['--encrypt', '', 'chu', '256', '--', form, locked]);
  const letter = await shop.sign(shop.letter, 'a-letter.pdf');
  const store = await shop.write(
    'a-store.pdf',
    await appendUpdate(letter, (update, pdf) => {
      void pdf;
      const certs = [update.add(new PdfStream(new PdfDict(), { bytes: shop.pki.issuing.certificate }))];
      update.changeCatalog({ DSS: update.add(new PdfDict({ Certs: certs })) });
    }),
  );
  const paths = {
    letter,
    form: await shop.sign(form, 'a-form.pdf'),
    'certified P=2': await signWithRules(shop, form, 'a-p2.pdf', { permission: 2 }),
    'certified P=3': await signWithRules(shop, form, 'a-p3.pdf', { permission: 3 }),
    'two signatures': await signWithRules(shop, letter, 'a-two.pdf', { fieldName: 'Second' }),
    'store and timestamp': await appendDocumentTimestamp(shop, store, 'a-lta.pdf'),
    'object streams': await shop.sign(streams, 'a-streams.pdf'),
    encrypted: await shop.sign(locked, 'a-locked.pdf', { password: '' }),
  };
  const subjects = await Promise.all(
    Object.entries(paths).map(async ([name, path]): Promise<Subject> => {
      const bytes = await readFile(path);
      const found = bytes.toString('latin1').matchAll(/\/ByteRange\s*\[0 (\d+) (\d+) (\d+)\s*\]/g);
      const ranges = [...found].map(([, from, to, rest]) => ({
        gap: [Number(from), Number(to)] as const,
        end: Number(to) + Number(rest),
      }));
      return { name, path, bytes, ranges: ranges.toSorted((a, b) => a.end - b.end) };
    }),
  );
  return { shop, subjects };
}
