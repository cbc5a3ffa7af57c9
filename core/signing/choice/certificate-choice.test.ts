import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  basicConstraintsExtension,
  buildCertificate,
  extendedKeyUsageExtension,
  keyUsageExtension,
  type NameParts,
} from '../../../scripts/pki/certificate-builder.ts';
import type { CertificateChoice } from '../../contract/certificate-choice.ts';
import { AnThuError } from '../../shared/errors.ts';
import { trustAnchor } from '../../trust/anchors.ts';
import { parseCertificate } from '../../trust/certificate.ts';
import { oids } from '../../trust/oids.ts';
import { assessCertificate, SOON_DAYS } from './assess-certificate.ts';
import { rankChoices } from './rank-choices.ts';
import { assertRightOwner } from './right-owner.ts';

const now = new Date('2026-11-22T02:00:00Z');
const day = 24 * 3600 * 1000;
const inDays = (days: number): Date => new Date(now.getTime() + days * day);
const newKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const caKey = newKey();
const caName: NameParts = [['CN', 'CA thử']];
const ca = parseCertificate(
  buildCertificate({
    subject: caName,
    subjectKey: caKey,
    issuer: caName,
    issuerKey: caKey,
    notBefore: inDays(-1000),
    notAfter: inDays(3000),
    extensions: [basicConstraintsExtension(0), keyUsageExtension(['keyCertSign', 'cRLSign'])],
  }),
);

const agencyName: NameParts = [
  ['O', 'Tỉnh An Lạc'],
  ['CN', 'Ủy ban nhân dân xã Hòa Thịnh'],
];
const leaderWithTitle: NameParts = [
  ['O', 'UBND xã Hòa Thịnh'],
  ['T', 'Chủ tịch'],
  ['CN', 'Trần Văn Minh'],
];
const nameOnly: NameParts = [
  ['O', 'UBND xã Hòa Thịnh'],
  ['CN', 'Trần Văn Minh'],
];
const nothingSaid: NameParts = [['CN', 'token 07']];

function certificate(
  subject: NameParts,
  change: {
    from?: number;
    to?: number;
    extensions?: Parameters<typeof buildCertificate>[0]['extensions'];
  } = {},
): Uint8Array {
  return buildCertificate({
    subject,
    subjectKey: newKey(),
    issuer: caName,
    issuerKey: caKey,
    notBefore: inDays(change.from ?? -10),
    notAfter: inDays(change.to ?? 400),
    extensions: change.extensions ?? [keyUsageExtension(['digitalSignature', 'nonRepudiation'])],
  });
}

const options = {
  purpose: 'agency',
  at: now,
  anchors: [trustAnchor(ca, 'signature')],
  authorities: [ca],
} as const;

function codeOf(work: () => void): string | null {
  try {
    work();
    return null;
  } catch (thrown) {
    return thrown instanceof AnThuError ? thrown.code : String(thrown);
  }
}

describe('who may sign as the agency', () => {
  it('the agency’s certificate fits, a leader’s is stopped with a sentence that names him', () => {
    expect(assessCertificate(certificate(agencyName), options)).toMatchObject({
      owner: 'agency',
      fit: 'right',
      obstacle: null,
    });
    const leader = assessCertificate(certificate(leaderWithTitle), options);
    expect(leader).toMatchObject({ owner: 'person', ownerSource: 'certificate', fit: 'wrong' });
    expect(leader.obstacle).toMatchObject({ code: 'token.person-key-for-agency' });
    expect(leader.obstacle?.message).toContain('Trần Văn Minh');
  });

  it('and for a person’s signature it is the other way round', () => {
    const asPerson = { ...options, purpose: 'person' } as const;
    expect(assessCertificate(certificate(leaderWithTitle), asPerson)).toMatchObject({
      fit: 'right',
      obstacle: null,
    });
    expect(assessCertificate(certificate(agencyName), asPerson).obstacle?.code).toBe(
      'token.agency-key-for-person',
    );
  });

  it('a certificate that says nothing of its owner is unsure and passes', () => {
    const unknown = certificate(nothingSaid);
    expect(assessCertificate(unknown, options)).toMatchObject({
      owner: 'unknown',
      fit: 'unsure',
      obstacle: null,
    });
    expect(codeOf(() => assertRightOwner(unknown, { purpose: 'agency', guesses: 'count' }))).toBeNull();
  });

  it('what only the name suggests is corrected by the office’s register', () => {
    const guessed = certificate(nameOnly);
    expect(assessCertificate(guessed, options)).toMatchObject({ fit: 'wrong', ownerSource: 'name' });
    expect(assessCertificate(guessed, { ...options, recorded: 'agency' })).toMatchObject({
      fit: 'right',
      ownerSource: 'register',
      obstacle: null,
    });
    expect(assessCertificate(certificate(nothingSaid), { ...options, recorded: 'person' })).toMatchObject({
      fit: 'wrong',
      ownerSource: 'register',
    });
  });

  it('a slip in the register does not make a leader’s key the agency’s', () => {
    const leader = certificate(leaderWithTitle);
    expect(assessCertificate(leader, { ...options, recorded: 'agency' }).fit).toBe('wrong');
    expect(codeOf(() => assertRightOwner(leader, { purpose: 'agency', guesses: 'pass' }, 'agency'))).toBe(
      'token.person-key-for-agency',
    );
  });

  it('a guess stops where guesses count, and passes where the caller only wants what is certain', () => {
    const guessed = certificate(nameOnly);
    expect(codeOf(() => assertRightOwner(guessed, { purpose: 'agency', guesses: 'count' }))).toBe(
      'token.person-key-for-agency',
    );
    expect(codeOf(() => assertRightOwner(guessed, { purpose: 'agency', guesses: 'pass' }))).toBeNull();
    expect(
      codeOf(() => assertRightOwner(certificate(agencyName), { purpose: 'person', guesses: 'count' })),
    ).toBe('token.agency-key-for-person');
  });
});

describe('what can sign at all', () => {
  it.each([
    ['an authority', { extensions: [basicConstraintsExtension(0), keyUsageExtension(['keyCertSign'])] }],
    ['a key for encryption', { extensions: [keyUsageExtension(['keyEncipherment'])] }],
    [
      'a time-stamping service',
      {
        extensions: [
          keyUsageExtension(['digitalSignature']),
          extendedKeyUsageExtension([oids.timeStamping], 'critical'),
        ],
      },
    ],
  ])('%s may not', (_name, change) => {
    expect(assessCertificate(certificate(agencyName, change), options).obstacle?.code).toBe(
      'signing.certificate-unfit',
    );
  });

  it.each([
    ['in-force', 400, null],
    ['in-force', SOON_DAYS, null],
    ['ends-soon', SOON_DAYS - 1, null],
    ['ends-soon', 0.5, null],
    ['expired', -0.1, 'signing.certificate-expired'],
  ] as const)('%s with %d days left', (validity, to, code) => {
    const found = assessCertificate(certificate(agencyName, { to, from: -300 }), options);
    expect(found).toMatchObject({ validity, daysLeft: Math.floor(to) });
    expect(found.obstacle?.code ?? null).toBe(code);
  });

  it('one whose life has not begun may not', () => {
    const found = assessCertificate(certificate(agencyName, { from: 5 }), options);
    expect(found).toMatchObject({ validity: 'not-yet', chain: 'reaches-anchor' });
    expect(found.obstacle?.code).toBe('signing.certificate-not-yet-valid');
  });
});

describe('where its chain leads', () => {
  it('reaches an anchor, misses one, or has none to reach', () => {
    const own = certificate(agencyName);
    expect(assessCertificate(own, options).chain).toBe('reaches-anchor');
    expect(assessCertificate(own, { ...options, anchors: [] }).chain).toBe('no-anchors');
    const strangerKey = newKey();
    const stranger = parseCertificate(
      buildCertificate({
        subject: [['CN', 'CA khác']],
        subjectKey: strangerKey,
        issuer: [['CN', 'CA khác']],
        issuerKey: strangerKey,
        notBefore: inDays(-10),
        notAfter: inDays(10),
        extensions: [basicConstraintsExtension(0), keyUsageExtension(['keyCertSign'])],
      }),
    );
    const anchors = [trustAnchor(stranger, 'signature')];
    expect(assessCertificate(own, { ...options, anchors }).chain).toBe('incomplete');
  });

  it('an anchor of the government’s CA makes it official, of the national root public', () => {
    const own = certificate(agencyName);
    for (const kind of ['official', 'public'] as const) {
      const anchors = [{ ...trustAnchor(ca, 'signature'), class: kind }];
      expect(assessCertificate(own, { ...options, anchors }).class).toBe(kind);
    }
  });
});

function choice(
  name: string,
  change: Partial<NonNullable<CertificateChoice['assessment']>> | null,
): CertificateChoice {
  return {
    keyUri: name,
    tokenId: name,
    tokenLabel: name,
    tokenKind: name.startsWith('file') ? 'soft' : 'pkcs11',
    keyLabel: '',
    certificate: null,
    rememberedName: null,
    assessment: change && {
      owner: 'agency',
      ownerSource: 'name',
      class: 'official',
      chain: 'reaches-anchor',
      validity: 'in-force',
      daysLeft: 400,
      fit: 'right',
      obstacle: null,
      ...change,
    },
  };
}

describe('the order in which keys are offered', () => {
  const obstacle = { code: 'token.person-key-for-agency', message: '', detail: {} };
  const ordered = [
    choice('official, long life', {}),
    choice('official, shorter life', { daysLeft: 300 }),
    choice('public', { class: 'public' }),
    choice('no anchors', { chain: 'no-anchors', class: 'unknown' }),
    choice('chain not found', { chain: 'incomplete', class: 'unknown' }),
    choice('ends soon', { validity: 'ends-soon', daysLeft: 3 }),
    choice('file', {}),
    choice('unsure', { fit: 'unsure', owner: 'unknown' }),
    choice('hidden until login', null),
    choice('expired', { validity: 'expired', daysLeft: -3, obstacle }),
    choice('leader', { fit: 'wrong', owner: 'person', obstacle }),
  ];

  it('is the same whatever the order of slots', () => {
    const shuffled = ordered.toReversed();
    expect(rankChoices(shuffled).map(({ keyUri }) => keyUri)).toEqual(ordered.map(({ keyUri }) => keyUri));
    expect(rankChoices(ordered).map(({ keyUri }) => keyUri)).toEqual(ordered.map(({ keyUri }) => keyUri));
  });

  it('puts everything that may be used before anything that may not', () => {
    const places = rankChoices(ordered).map(({ assessment }) => (assessment?.obstacle ?? null) !== null);
    expect(places).toEqual(places.toSorted());
  });
});
