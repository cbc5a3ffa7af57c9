import type { FileReport } from '../../core/contract/verification.ts';

/** A valid agency signature without a timestamp. */
export function sampleReport(): FileReport {
  return {
    input: '05-BC-UBND.pdf',
    sha256: 'b'.repeat(64),
    verdict: 'valid',
    advice: 'register',
    messages: [],
    signatures: [
      {
        field: 'Signature1',
        kind: 'signature',
        purpose: 'agency',
        subFilter: 'ETSI.CAdES.detached',
        level: 'B-B',
        indication: 'TOTAL_PASSED',
        subIndication: null,
        integrity: true,
        coverage: 'whole-file',
        later: 'none',
        changes: [],
        signer: {
          name: 'Ủy ban nhân dân xã An Phú',
          organization: 'UBND tỉnh Gia Lai',
          title: null,
          serial: '54010203a4b5c6d7',
          issuer: 'CA phục vụ các cơ quan Nhà nước (mẫu)',
          notBefore: '2026-01-01T00:00:00Z',
          notAfter: '2029-01-01T00:00:00Z',
          fingerprint: 'c'.repeat(64),
          class: 'official',
        },
        digest: 'SHA-256',
        scheme: 'RSA-PKCS1-v1_5',
        claimedTime: '2026-11-20T08:12:03+07:00',
        bestSignatureTime: '2026-11-20T08:12:03+07:00',
        timeSource: 'claimed',
        timestamps: [],
        revocation: 'unknown',
        revocationSource: 'none',
        messages: [
          {
            code: 'verify.valid-claimed-time',
            text: 'Chữ ký hợp lệ; thời gian ký do máy người ký khai báo.',
          },
        ],
      },
    ],
  };
}
