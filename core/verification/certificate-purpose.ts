import type { SignaturePurpose, Signer } from '../contract/verification.ts';
import type { TrustAnchor } from '../trust/anchors.ts';
import type { Certificate } from '../trust/certificate.ts';
import { formatName, nameValue } from '../trust/distinguished-name.ts';
import { certificateClassOf } from '../trust/known-anchors.ts';

/** Words with which names of agencies and organisations begin (NFC, lower case). */
const organizationWords =
  /^(ủy ban|uỷ ban|ubnd|hđnd|hội đồng|văn phòng|bộ|sở|cục|chi cục|tổng cục|vụ|phòng|ban|đảng ủy|đảng bộ|tỉnh ủy|thành ủy|huyện ủy|công an|viện|trường|đại học|trung tâm|bệnh viện|trạm|kho bạc|tòa án|thanh tra|thuế|hải quan|bảo hiểm|ngân hàng|công ty|tổng công ty|tập đoàn|doanh nghiệp|hội|liên đoàn|mặt trận|đài|báo|chi nhánh|xã|phường|đặc khu|cơ quan)(\s|$)/u;

const normal = (text: string): string => text.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase();

/**
 * Whose certificate it seems to be, from the subject alone (a heuristic; Vietnamese certificates carry no mark):
 * a title, a personal name part or a citizen's number makes a person; a tax number, a common name equal to the
 * organisation or beginning like an organisation's name makes an agency; another common name of two to six
 * words without digits makes a person.
 */
export function certificatePurpose(certificate: Certificate): SignaturePurpose {
  const purpose = known.get(certificate) ?? purposeOf(certificate);
  known.set(certificate, purpose);
  return purpose;
}

/** The same few certificates stand in file after file. */
const known = new WeakMap<Certificate, SignaturePurpose>();

function purposeOf({ subject }: Certificate): SignaturePurpose {
  const commonName = normal(nameValue(subject, 'CN') ?? '');
  const identifier = normal(nameValue(subject, 'UID') ?? nameValue(subject, 'SERIALNUMBER') ?? '');
  if (nameValue(subject, 'T') || nameValue(subject, 'G') || nameValue(subject, 'SN')) return 'person';
  if (/^(cmnd|cccd|hc):/.test(identifier)) return 'person';
  if (identifier.startsWith('mst:')) return 'agency';
  if (commonName === '') return nameValue(subject, 'O') ? 'agency' : 'unknown';
  if (commonName === normal(nameValue(subject, 'O') ?? '') || organizationWords.test(commonName))
    return 'agency';
  const words = commonName.split(' ');
  return words.length >= 2 && words.length <= 6 && !/[\d@]/.test(commonName) ? 'person' : 'unknown';
}

/** The signer as the report shows it; `path` is empty when no chain reached an anchor. */
export function describeSigner(
  certificate: Certificate,
  path: readonly Certificate[],
  anchor: TrustAnchor | undefined,
): Signer {
  const { subject } = certificate;
  const classes = path.map((link) => certificateClassOf(link.fingerprint));
  const known = anchor ? classes.find((found) => found !== 'unknown') : undefined;
  return {
    name: nameValue(subject, 'CN') ?? formatName(subject),
    organization: nameValue(subject, 'O') ?? nameValue(subject, 'OU') ?? null,
    title: nameValue(subject, 'T') ?? null,
    serial: certificate.serial,
    issuer: nameValue(certificate.issuer, 'CN') ?? formatName(certificate.issuer),
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    fingerprint: certificate.fingerprint,
    class: known ?? anchor?.class ?? 'unknown',
  };
}
