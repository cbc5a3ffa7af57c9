import type { CertificateChoice } from '../../core/contract/certificate-choice.ts';
import type { SealingItem, SealingList } from '../../core/contract/sealing.ts';
import type { TokenModule } from '../../core/contract/token.ts';
import type { TokenEntry } from '../../core/contract/token-register.ts';
import { sampleArrival, sampleHash } from './sample-documents.ts';

export const sampleKeyUri = 'pkcs11:token=UBND%20xa%20An%20Phu;object=agency';

/** One driver with the agency's token, locked. */
export function sampleModules(): TokenModule[] {
  return [
    {
      kind: 'pkcs11',
      path: '/usr/lib/softhsm/libsofthsm2.so',
      state: 'ready',
      error: null,
      description: 'SoftHSM 2.6',
      slots: [],
      tokens: [
        {
          id: 'softhsm-1',
          kind: 'pkcs11',
          label: 'UBND xa An Phu',
          manufacturer: 'SoftHSM project',
          model: 'SoftHSM v2',
          serial: '2f81d0c6a1b2c3d4',
          slot: '0',
          pinState: 'ok',
          pinLength: { min: 4, max: 255 },
          failedTries: 0,
          pinPad: false,
          unlocked: false,
          keys: [
            {
              uri: sampleKeyUri,
              label: 'agency',
              id: '01',
              keyType: 'rsa',
              bits: 3072,
              certificate: {
                der: 'AA==',
                commonName: 'Ủy ban nhân dân xã An Phú',
                organization: 'UBND tỉnh Gia Lai',
                issuer: 'CA phục vụ các cơ quan Nhà nước (mẫu)',
                notBefore: '2026-01-01T00:00:00Z',
                notAfter: '2029-01-01T00:00:00Z',
                serial: '54010203a4b5c6d7',
                fingerprint: sampleHash(9),
              },
            },
          ],
        },
      ],
    },
  ];
}

export function sampleChoices(): { choices: CertificateChoice[] } {
  const token = sampleModules()[0]!.tokens[0]!;
  const key = token.keys[0]!;
  return {
    choices: [
      {
        keyUri: key.uri,
        tokenId: token.id,
        tokenLabel: token.label,
        tokenKind: token.kind,
        keyLabel: key.label,
        certificate: key.certificate,
        rememberedName: 'token của văn thư',
        assessment: {
          owner: 'agency',
          ownerSource: 'register',
          class: 'official',
          chain: 'reaches-anchor',
          validity: 'in-force',
          daysLeft: 770,
          fit: 'right',
          obstacle: null,
        },
      },
    ],
  };
}

/** A line of the register of tokens, for the key of {@link sampleModules}. */
export function sampleEntry(change: Partial<TokenEntry> = {}): TokenEntry {
  const token = sampleModules()[0]!.tokens[0]!;
  const key = token.keys[0]!;
  const certificate = key.certificate!;
  return {
    id: 'entry-1',
    kind: token.kind,
    manufacturer: token.manufacturer,
    serial: token.serial,
    keyId: key.id,
    fingerprint: certificate.fingerprint,
    tokenLabel: token.label,
    subject: certificate.commonName,
    organization: certificate.organization,
    issuer: certificate.issuer,
    certificateSerial: certificate.serial,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    daysLeft: 770,
    name: 'token của văn thư',
    holder: 'Rơ Châm H’Lan',
    purpose: 'agency',
    note: '',
    registeredAt: '2026-01-05T01:00:00Z',
    retiredAt: null,
    retiredReason: null,
    handovers: [
      {
        id: 'handover-1',
        number: 3,
        entryId: 'entry-1',
        date: '2026-02-02',
        givenBy: 'Nguyễn Văn Đức',
        receivedBy: 'Rơ Châm H’Lan',
        note: 'kèm hộp',
        recordedAt: '2026-02-02T02:00:00Z',
        recordedBy: 'Văn thư',
      },
    ],
    ...change,
  };
}

/** A digitized arrival that waits for the token. */
export function sampleSealing(change: Partial<SealingItem> = {}): SealingItem {
  const arrival = sampleArrival(217);
  return {
    documentId: arrival.documentId,
    arrivalId: arrival.id,
    number: arrival.number,
    suffix: arrival.suffix,
    year: arrival.year,
    docNumber: arrival.docNumber,
    docNotation: arrival.docNotation,
    issuer: arrival.issuer,
    subject: arrival.subject,
    state: 'waiting',
    error: { code: 'token.not-unlocked', message: 'Thiết bị đang khóa. Chưa có gì được ký.', detail: {} },
    ...change,
  };
}

/** The queue before the token. */
export function sampleSealingList(
  items: SealingItem[] = [sampleSealing()],
  change: Partial<SealingList> = {},
): SealingList {
  const counts = { ready: 0, running: 0, waiting: 0, held: 0, parked: 0 };
  for (const { state } of items) counts[state]++;
  return { held: false, items, total: items.length, counts, done: 0, ...change };
}
