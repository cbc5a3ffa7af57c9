import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trustAnchor } from '../../core/trust/anchors.ts';
import { parseCertificate, type Certificate } from '../../core/trust/certificate.ts';
import { encodeOcspRequest } from '../../core/trust/ocsp-message.ts';
import { oids } from '../../core/trust/oids.ts';
import { readEvidence } from '../../core/trust/revocation-evidence.ts';
import { certificateStatus } from '../../core/trust/revocation-status.ts';
import { fetchEvidence, fetchLists } from '../../core/verification/fetch-evidence.ts';
import {
  buildCertificate,
  buildCrl,
  extendedKeyUsageExtension,
  keyUsageExtension,
  revocationExtensions,
  toPem,
  type ExtensionPart,
} from '../../scripts/pki/certificate-builder.ts';
import {
  issueCertificate,
  startDemoOcsp,
  type DemoPki,
  type IssuedCertificate,
} from '../../scripts/pki/index.ts';
import { codes, only, openWorkshop, type Workshop } from './signed-files.ts';

// Who may tell of a revocation, what our own register proves, and how much anybody may send us.

const minuteMs = 60_000;
const ago = (minutes: number): Date => new Date(Date.now() - minutes * minuteMs);

let shop: Workshop;
let pki: DemoPki;
let leaf: Certificate;
let issuer: Certificate;

beforeAll(async () => {
  shop = await openWorkshop();
  ({ pki } = shop);
  issuer = parseCertificate(pki.issuing.certificate);
  const subject = [['CN', 'Người ký']] as const;
  leaf = parseCertificate(
    (await issueCertificate(pki, { subject, notBefore: ago(60), notAfter: ago(-600) })).certificate,
  );
});
afterAll(() => shop.close());

const list = (revoked: readonly Certificate[]): Uint8Array =>
  buildCrl({
    issuer: pki.issuing.name,
    issuerKey: pki.issuing.key,
    thisUpdate: ago(10),
    nextUpdate: ago(-600),
    number: 5,
    revoked: revoked.map(({ serial }) => ({ serial, at: ago(20) })),
  });

describe('a delegated responder', () => {
  const purposes = [
    keyUsageExtension(['digitalSignature']),
    extendedKeyUsageExtension([oids.ocspSigning], 'not-critical'),
  ];
  const noCheck: ExtensionPart = { id: oids.ocspNoCheck, critical: false, value: Uint8Array.of(5, 0) };
  const life = { notBefore: ago(60), notAfter: ago(-600) };
  const delegate = async (extensions: ExtensionPart[]): Promise<IssuedCertificate> =>
    await issueCertificate(pki, { subject: [['CN', 'Nơi trả lời']], ...life, extensions });
  /** One that names nobody to ask about itself. */
  const silent = async (): Promise<IssuedCertificate> => {
    const { key } = await delegate(purposes);
    const certificate = buildCertificate({ subject: [['CN', 'Nơi trả lời']], subjectKey: key, issuer: pki.issuing.name, issuerKey: pki.issuing.key, ...life, extensions: purposes }); // prettier-ignore
    return { key, certificate };
  };

  async function answerBy(responder: IssuedCertificate): Promise<Uint8Array> {
    const ocsp = await startDemoOcsp({ ...pki, ocsp: responder }, { lists: 'withheld' });
    const body = Uint8Array.from(encodeOcspRequest(leaf, issuer, Uint8Array.of(1)));
    const answer = await fetch(pki.ocspUrl, { method: 'POST', body });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    await ocsp.close();
    return bytes;
  }

  const statusWith = (response: Uint8Array, lists: readonly Uint8Array[]) =>
    certificateStatus(leaf, issuer, {
      at: new Date(), now: new Date(), evidence: readEvidence('given', { responses: [response], lists }), pool: [],
      anchors: [trustAnchor(parseCertificate(pki.root.certificate), 'signature')],
    }); // prettier-ignore
  const statusOf = (response: Uint8Array) => statusWith(response, []).kind;

  it('with noCheck is believed', async () => {
    expect(statusOf(await answerBy(await delegate([...purposes, noCheck])))).toBe('good');
  });
  it('without noCheck, whose own state nobody told, is not believed', async () => {
    expect(statusOf(await answerBy(await delegate(purposes)))).toBe('unknown');
  });
  it('that names nobody to ask is believed', async () => {
    expect(statusOf(await answerBy(await silent()))).toBe('good');
  });
  it('that a list calls revoked is not believed, whatever it names', async () => {
    for (const responder of [await delegate([...purposes]), await silent()]) {
      const response = await answerBy(responder);
      // This list ended before the time asked for: it tells of the responder's revocation, not that the signer is good.
      const revoked = [{ serial: parseCertificate(responder.certificate).serial, at: ago(90) }];
      const old = buildCrl({
        issuer: pki.issuing.name, issuerKey: pki.issuing.key, thisUpdate: ago(50), nextUpdate: ago(40), number: 4, revoked,
      }); // prettier-ignore
      expect(statusWith(response, [old]).kind).toBe('unknown');
    }
  });
  it('cannot vouch for itself', async () => {
    const responder = await delegate(purposes);
    const own = parseCertificate(responder.certificate);
    const ocsp = await startDemoOcsp({ ...pki, ocsp: responder }, { lists: 'withheld' });
    const ask = async (subject: Certificate): Promise<Uint8Array> => {
      const body = Uint8Array.from(encodeOcspRequest(subject, issuer, Uint8Array.of(1)));
      return new Uint8Array(await (await fetch(pki.ocspUrl, { method: 'POST', body })).arrayBuffer());
    };
    const responses = [await ask(leaf), await ask(own)];
    await ocsp.close();
    const anchors = [trustAnchor(parseCertificate(pki.root.certificate), 'signature')];
    const evidence = readEvidence('given', { responses });
    const status = certificateStatus(leaf, issuer, {
      at: new Date(),
      now: new Date(),
      evidence,
      pool: [],
      anchors,
    });
    expect(status.kind).toBe('unknown');
  });
});

describe('our own register', () => {
  const ended = async (): Promise<IssuedCertificate> =>
    await issueCertificate(pki, {
      subject: [['CN', 'Ủy ban nhân dân huyện Đã Giải Thể (mẫu)']],
      notBefore: ago(20 * 60),
      notAfter: ago(60),
    });
  const signedBy = async (identity: IssuedCertificate): Promise<string> =>
    await shop.sign(shop.letter, `register-${Math.random()}.pdf`, {
      key: shop.key(identity),
      signingTime: ago(120).toISOString(),
    });

  it('proves that the letter of an agency that no longer exists is older than its certificate’s end', async () => {
    const file = await signedBy(await ended());
    expect(only(await shop.verify(file)).subIndication).toMatch(/^OUT_OF_BOUNDS/);
    const known = only(await shop.verify(file, { registeredAt: ago(90) }));
    expect(known).toMatchObject({ indication: 'TOTAL_PASSED', timeSource: 'register' });
    expect(known.signer?.name).toContain('Đã Giải Thể');
  });

  it('entered after the end proves nothing, and is no reason to call the letter false', async () => {
    const late = only(await shop.verify(await signedBy(await ended()), { registeredAt: ago(30) }));
    expect(late.indication).toBe('INDETERMINATE');
    expect(late.subIndication).toMatch(/^OUT_OF_BOUNDS/);
    expect(codes(late)).toContain('verify.certificate-ended-without-timestamp');
  });

  it('entered before a revocation saves the letter, entered after it tells nothing', async () => {
    const identity = await issueCertificate(pki, {
      subject: [['CN', 'Ủy ban nhân dân xã Bị Thu Hồi (mẫu)']],
      notBefore: ago(300),
      notAfter: ago(-300),
    });
    const revocationLists = [list([parseCertificate(identity.certificate)])];
    const file = await signedBy(identity);
    const [before, after] = [ago(60), ago(5)];
    expect((await shop.verify(file, { revocationLists, registeredAt: before })).signatures[0]).toMatchObject({ indication: 'TOTAL_PASSED', timeSource: 'register' });
    expect((await shop.verify(file, { revocationLists, registeredAt: after })).signatures[0]).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'REVOKED_NO_POE' });
  }); // prettier-ignore
});

describe('fetching', () => {
  let server: Server;
  let port: number;
  let answers: Record<
    string,
    { status?: number; headers?: Record<string, string>; body?: Uint8Array | 'endless' }
  >;
  let asked: string[];

  beforeAll(async () => {
    server = createServer((request, response) => {
      const path = request.url ?? '';
      asked.push(path);
      const { status = 200, headers = {}, body = new Uint8Array() } = answers[path] ?? { status: 404 };
      response.writeHead(status, headers);
      if (body !== 'endless') response.end(body);
      else {
        const chunk = Buffer.alloc(1024 * 1024);
        const more = (): void => {
          while (!response.destroyed && response.write(chunk));
          if (!response.destroyed) response.once('drain', more);
        };
        more();
      }
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const certificateFor = (ocsp: string, crl: string): Certificate => {
    return parseCertificate(
      buildCertificate({
        subject: [['CN', 'Người ký']], subjectKey: pki.tsa.key, issuer: pki.issuing.name, issuerKey: pki.issuing.key,
        notBefore: ago(60), notAfter: ago(-60), extensions: revocationExtensions(ocsp, crl),
      }),
    ); // prettier-ignore
  };
  const at = (path: string): string => `http://127.0.0.1:${port}${path}`;
  const lists = async (path: string) => {
    asked = [];
    return (await fetchLists(certificateFor(at('/ocsp'), at(path)))).lists;
  };

  it('reads lists in DER and PEM, and behind three redirects', async () => {
    const der = list([]);
    answers = {
      '/der': { body: der },
      '/pem': { body: Buffer.from(toPem('X509 CRL', der)) },
      '/1': { status: 302, headers: { location: '/2' } },
      '/2': { status: 301, headers: { location: '/3' } },
      '/3': { status: 307, headers: { location: '/der' } },
    };
    for (const path of ['/der', '/pem', '/1']) expect(await lists(path), path).toHaveLength(1);
  });

  it('follows no further redirect, and none away from http and https', async () => {
    answers = {
      '/0': { status: 302, headers: { location: '/1' } },
      '/1': { status: 302, headers: { location: '/2' } },
      '/2': { status: 302, headers: { location: '/3' } },
      '/3': { status: 302, headers: { location: '/der' } },
      '/file': { status: 302, headers: { location: 'file:///etc/passwd' } },
      '/der': { body: list([]) },
    };
    expect(await lists('/0')).toHaveLength(0);
    expect(asked).not.toContain('/der');
    expect(await lists('/file')).toHaveLength(0);
  });

  it('asks only http and https', async () => {
    asked = [];
    const certificate = certificateFor('ldap://127.0.0.1/ocsp', 'file:///etc/passwd');
    expect((await fetchLists(certificate)).lists).toHaveLength(0);
    expect((await fetchEvidence(certificate, issuer)).responses).toHaveLength(0);
    expect(asked).toEqual([]);
  });

  it('does not pass a question on: no redirect of OCSP', async () => {
    answers = { '/ocsp': { status: 307, headers: { location: '/other' } }, '/other': {} };
    asked = [];
    expect((await fetchEvidence(certificateFor(at('/ocsp'), at('/der')), issuer)).responses).toHaveLength(0);
    expect(asked).toEqual(['/ocsp']);
  });

  it('takes no more than it can use, and does not wait for the rest', { timeout: 60_000 }, async () => {
    answers = { '/ocsp': { body: 'endless' }, '/der': { body: 'endless' } };
    const certificate = certificateFor(at('/ocsp'), at('/der'));
    const started = performance.now();
    asked = [];
    expect((await fetchEvidence(certificate, issuer)).responses).toHaveLength(0);
    expect((await fetchLists(certificate)).lists).toHaveLength(0);
    expect(performance.now() - started).toBeLessThan(50_000);
    expect(asked).toEqual(['/ocsp', '/der']);
  });

  it('does not call anybody for a chain that reaches no anchor', async () => {
    answers = {};
    asked = [];
    const { certificate, key } = await issueCertificate({ ...pki, servicePort: port }, {
      subject: [['CN', 'Người lạ']], notBefore: ago(60), notAfter: ago(-60),
    }); // prettier-ignore
    const file = await shop.sign(shop.letter, 'stranger.pdf', { key: shop.key({ certificate, key }) });
    const report = await shop.verify(file, { anchors: [], revocation: 'ask' });
    expect(only(report).subIndication).toBe('NO_CERTIFICATE_CHAIN_FOUND');
    expect(asked).toEqual([]);
    await shop.verify(file, { revocation: 'ask' });
    expect(asked.length).toBeGreaterThan(0);
  });
});
