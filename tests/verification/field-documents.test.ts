import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encode, tag } from '../../core/asn1/der.ts';
import { parseCertificate } from '../../core/trust/certificate.ts';
import { oids } from '../../core/trust/oids.ts';
import { issueCertificate, type IssuedCertificate } from '../../scripts/pki/index.ts';
import { signWithRules } from './certified-files.ts';
import { codes, openWorkshop, type Workshop } from './signed-files.ts';
import { attribute, timestampedWith, TrickShop, type Trick } from './trick-cms.ts';

// Documents as they exist in the field (findings/signing-peers.md §2.5): read leniently, judged kindly and exactly.

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

let shop: Workshop;
let plain: TrickShop;
/** The first signer of the field certifies with P=2. */
let certified: TrickShop;
let issuer: ReturnType<typeof parseCertificate>;

beforeAll(async () => {
  shop = await openWorkshop();
  plain = await TrickShop.open(shop);
  certified = await TrickShop.open(shop, await signWithRules(shop, shop.letter, 'p2.pdf', { permission: 2 }));
  issuer = parseCertificate(shop.pki.issuing.certificate);
});

afterAll(() => shop.close());

/** UTCTime of a moment's clock in Vietnam, with the Z that does not belong to it. */
const utcTime = (instant: Date): Uint8Array =>
  encode(tag.utcTime, Buffer.from(`${instant.toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`));
const withSigningTime =
  (instant: Date): NonNullable<Trick['attributes']> =>
  ([type, digest]) =>
    [type, digest, attribute(oids.signingTime, utcTime(instant))].filter((item) => item !== undefined);
const bare: NonNullable<Trick['attributes']> = () => undefined;

describe('adbe.pkcs7.detached', () => {
  const form = { subFilter: 'adbe.pkcs7.detached' } as const;

  it('as the tools of the field write it: leaf alone, signing time, certified P=2, SHA-1 imprint', async () => {
    const trick: Trick = {
      ...form,
      attributes: withSigningTime(new Date()),
      certificates: [certified.certificate],
      unsigned: timestampedWith(shop, 'sha1', new Date()),
    };
    const alone = await certified.verify(trick);
    expect(alone).toMatchObject({
      indication: 'INDETERMINATE',
      subIndication: 'NO_CERTIFICATE_CHAIN_FOUND',
      integrity: true,
    });
    const known = await certified.verify({ ...trick, options: { extraCertificates: [issuer] } });
    expect(known).toMatchObject({
      indication: 'TOTAL_PASSED',
      subFilter: 'adbe.pkcs7.detached',
      level: 'none',
      timeSource: 'claimed',
      timestamps: [{ ok: false }],
      signer: { name: expect.stringContaining('Hòa Bình') as string },
    });
    expect(codes(known)).toEqual(expect.arrayContaining(['verify.timestamp-weak', 'verify.not-baseline']));
    expect(codes(known)).not.toContain('verify.timestamp-invalid');
  });

  it('with a SHA-256 imprint the same timestamp proves the time', async () => {
    const unsigned = timestampedWith(shop, 'sha256', new Date());
    expect(await certified.verify({ ...form, unsigned })).toMatchObject({
      indication: 'TOTAL_PASSED',
      timeSource: 'timestamp',
      timestamps: [{ ok: true }],
    });
  });

  it('an imprint of another value in SHA-1 is no mere weakness', async () => {
    const stamp = timestampedWith(shop, 'sha1', new Date());
    const signature = await certified.verify({ ...form, unsigned: () => stamp(Buffer.from('khac')) });
    expect(signature).toMatchObject({ indication: 'TOTAL_PASSED', timeSource: 'claimed' });
    expect(codes(signature)).toContain('verify.timestamp-invalid');
  });

  it('without signed attributes: the value was made over the file itself', async () => {
    const signature = await plain.verify({ ...form, attributes: bare });
    expect(signature).toMatchObject({ indication: 'TOTAL_PASSED', integrity: true, level: 'none' });
    expect(codes(signature)).toContain('verify.not-baseline');
  });

  it('without signed attributes under the ETSI name is a format failure', async () => {
    expect(await plain.verify({ attributes: bare })).toMatchObject({ subIndication: 'FORMAT_FAILURE' });
  });

  it('without signed attributes and with a changed byte fails', async () => {
    const bytes = plain.make({ ...form, attributes: bare });
    const at = bytes.indexOf('So: 12/UBND');
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    const { signatures } = await shop.verify(await shop.write('changed.pdf', bytes));
    expect(signatures).toMatchObject([{ indication: 'TOTAL_FAILED', subIndication: 'SIG_CRYPTO_FAILURE' }]);
  });
});

describe('adbe.pkcs7.sha1', () => {
  const form = { subFilter: 'adbe.pkcs7.sha1', content: (sha1: Uint8Array) => sha1 } as const;
  const regular: NonNullable<Trick['attributes']> = ([type, digest]) =>
    [type, digest].filter((item) => item !== undefined);

  it.each<[string, Trick]>([
    ['with attributes', { ...form, attributes: regular }],
    ['without attributes', { ...form, attributes: bare }],
    ['with SHA-1 throughout', { ...form, attributes: bare, digestName: 'sha1' }],
  ])('%s is intact, and said to be weak: nobody knows what else has this digest', async (_name, trick) => {
    const signature = await plain.verify(trick);
    expect(signature).toMatchObject({
      indication: 'INDETERMINATE',
      subIndication: 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
      integrity: true,
      signer: { name: expect.stringContaining('Hòa Bình') as string },
    });
    expect(codes(signature)).toContain('verify.algorithm-weak');
  });

  it('counts where our register had it while SHA-1 was safe', async () => {
    const old: IssuedCertificate = await issueCertificate(shop.pki, {
      subject: [['CN', 'Ủy ban nhân dân huyện Cũ (mẫu)']],
      notBefore: new Date('2010-01-01T00:00:00Z'),
      notAfter: new Date('2013-01-01T00:00:00Z'),
    });
    const trick: Trick = { ...form, attributes: bare, identity: old };
    const options = { registeredAt: new Date('2011-06-01T00:00:00Z') };
    // The authorities of the sample are younger than that, so the chain is what stands in the way, not SHA-1.
    expect((await plain.verify({ ...trick, options })).subIndication).not.toMatch(/^CRYPTO/);
  });

  it('with another digest inside fails', async () => {
    const other: Trick = { ...form, attributes: bare, content: () => Buffer.alloc(20, 7) };
    expect(await plain.verify(other)).toMatchObject({ subIndication: 'HASH_FAILURE', integrity: false });
  });

  it('detached, as if it were the other form, is a format failure', async () => {
    const detached: Trick = { subFilter: 'adbe.pkcs7.sha1', attributes: regular };
    expect((await plain.verify(detached)).indication).toBe('TOTAL_FAILED');
  });
});

describe('local time written as UTC', () => {
  it('is said where a timestamp tells the true time', async () => {
    const now = new Date();
    const file = await shop.sign(shop.letter, 'zone.pdf', {
      signingTime: new Date(now.getTime() + 7 * hourMs).toISOString(),
    });
    const shifted = await TrickShop.open(shop, file);
    const signature = await shifted.verify({ unsigned: timestampedWith(shop, 'sha256', now) });
    expect(signature).toMatchObject({ indication: 'TOTAL_PASSED', timeSource: 'timestamp' });
    expect(codes(signature)).toContain('verify.claimed-time-zone');
  });

  it('is said where the claim lies up to seven hours ahead, and is no reason to doubt', async () => {
    const signingTime = new Date(Date.now() + 6.5 * hourMs).toISOString();
    const file = await shop.sign(shop.letter, 'ahead.pdf', { signingTime });
    const [signature] = (await shop.verify(file)).signatures;
    expect(signature).toMatchObject({ indication: 'TOTAL_PASSED' });
    expect(signature && codes(signature)).toContain('verify.claimed-time-zone');
  });

  it('is not said of an honest time, and a claim of next week is not believed', async () => {
    const [honest] = (await shop.verify(await shop.sign(shop.letter, 'honest.pdf'))).signatures;
    expect(honest && codes(honest)).not.toContain('verify.claimed-time-zone');
    const signingTime = new Date(Date.now() + 7 * 24 * hourMs).toISOString();
    const [later] = (await shop.verify(await shop.sign(shop.letter, 'later.pdf', { signingTime })))
      .signatures;
    expect(later).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'SIG_CONSTRAINTS_FAILURE' });
  });
});
