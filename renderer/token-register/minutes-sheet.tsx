import type { Agency } from '../../core/contract/system.ts';
import type { Handover, TokenEntry } from '../../core/contract/token-register.ts';
import { dateInVietnam, showDate } from '../format/date.ts';
import { translator } from '../i18n/catalogue.ts';
import { purposeWords, subjectOf } from './entry-words.ts';

interface Props {
  readonly entry: TokenEntry;
  readonly handover: Handover;
  readonly agency: Agency | null;
}

/** Biên bản bàn giao on A4 in the order of an administrative document; Vietnamese whatever the window speaks. */
export function MinutesSheet({ entry, handover, agency }: Props) {
  const t = translator('vi');
  const [year = '', month = '', day = ''] = handover.date.split('-');
  const rows: readonly (readonly [string, string])[] = [
    [t('token-register.name'), entry.name],
    [t('token.device'), [entry.tokenLabel, entry.manufacturer].filter(Boolean).join(', ')],
    [t('token.serial'), entry.serial || '–'],
    [t('certificate.subject'), subjectOf(entry)],
    [t('certificate.issuer'), entry.issuer],
    [t('token-register.certificate-serial'), entry.certificateSerial],
    [
      t('certificate.valid'),
      t('certificate.from-to', {
        from: showDate(dateInVietnam(new Date(entry.notBefore))),
        to: showDate(dateInVietnam(new Date(entry.notAfter))),
      }),
    ],
    [t('token-register.purpose'), t(purposeWords[entry.purpose])],
    [t('token-register.note'), handover.note || '–'],
  ];
  return (
    <div className="minutes" lang="vi">
      <div className="minutes-head">
        <div>
          <div>{agency?.parentName.toUpperCase()}</div>
          <b className="minutes-agency">{agency?.name.toUpperCase()}</b>
          <div>{t('minutes.number', { n: String(handover.number).padStart(2, '0') })}</div>
        </div>
        <div>
          <b>{t('minutes.country')}</b>
          <b className="minutes-motto">{t('minutes.motto')}</b>
          <i>{t('minutes.place-date', { place: agency?.place ?? '', day, month, year })}</i>
        </div>
      </div>
      <div className="minutes-title">{t('minutes.title')}</div>
      <p>{t('minutes.intro', { day, month, year })}</p>
      <p>
        1. {t('token-register.given-by')}: <b>{handover.givenBy}</b>
        <br />
        2. {t('token-register.received-by')}: <b>{handover.receivedBy}</b>
      </p>
      <table>
        <tbody>
          {rows.map(([label, value]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>{t('minutes.duty')}</p>
      <div className="minutes-signatures">
        <div>
          <b>{t('minutes.giver')}</b>
          <i>{t('minutes.sign-here')}</i>
          <span>{handover.givenBy}</span>
        </div>
        <div>
          <b>{t('minutes.receiver')}</b>
          <i>{t('minutes.sign-here')}</i>
          <span>{handover.receivedBy}</span>
        </div>
      </div>
    </div>
  );
}
