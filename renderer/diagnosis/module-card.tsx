import { Button } from '@mantine/core';
import type { DiagnosedModule, DiagnosedSlot, DiagnosedToken } from '../../core/contract/token-diagnosis.ts';
import { showDate } from '../format/date.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { pinWords } from '../token/pin-state.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Facts } from '../ui/facts.tsx';
import { ToneMark } from '../ui/tone-mark.tsx';
import { AdviceNotice } from './advice-notice.tsx';
import { adviceTone, adviceWords } from './advice-words.ts';

interface Props {
  readonly module: DiagnosedModule;
  readonly onRemove?: () => void;
}

/** One library: what was looked for, what answered, what to do. */
export function ModuleCard({ module, onRemove }: Props) {
  const t = useMessages();
  const [worst] = module.advice;
  const yesNo = (value: boolean | null) =>
    value === null ? t('diagnosis.not-tried') : t(value ? 'value.yes' : 'value.no');
  return (
    <article className="card diagnosis-module" data-module-loads={String(module.loads)}>
      <header className="diagnosis-head">
        <div>
          <b>{module.info?.description || module.vendor || t('diagnosis.unknown-vendor')}</b>
          <div className="mono soft">{module.path}</div>
        </div>
        <span className="diagnosis-head-side">
          {module.configured && <ToneMark tone="info">{t('diagnosis.configured')}</ToneMark>}
          {worst && <ToneMark tone={adviceTone[worst.weight]}>{t(adviceWords[worst.weight])}</ToneMark>}
          {onRemove && (
            <Button size="compact-xs" variant="default" onClick={onRemove}>
              {t('diagnosis.remove-module')}
            </Button>
          )}
        </span>
      </header>
      {module.advice.map((advice) => (
        <AdviceNotice key={advice.code + advice.text} advice={advice} />
      ))}
      <Facts
        rows={[
          [t('diagnosis.exists'), yesNo(module.exists)],
          [
            t('diagnosis.format'),
            module.header && `${module.header.format} ${module.header.architectures.join(', ')}`,
          ],
          [t('diagnosis.fits'), module.exists ? yesNo(module.fits) : null],
          [t('diagnosis.loads'), module.exists ? yesNo(module.loads) : null],
          [
            t('diagnosis.info'),
            module.info &&
              [
                module.info.manufacturer,
                `v${module.info.libraryVersion}`,
                `PKCS#11 ${module.info.cryptokiVersion}`,
              ]
                .filter(Boolean)
                .join(' · '),
          ],
          [t('diagnosis.time'), module.ms > 0 ? t('diagnosis.ms', { n: module.ms }) : null],
        ]}
      />
      {module.slots.map((slot) => (
        <SlotPart key={slot.slot} slot={slot} />
      ))}
    </article>
  );
}

function SlotPart({ slot }: { readonly slot: DiagnosedSlot }) {
  const t = useMessages();
  return (
    <div className="diagnosis-slot">
      <div>
        {t('diagnosis.slot')} <span className="mono">{slot.slot}</span> {slot.description}{' '}
        <ToneMark tone={slot.tokenPresent ? 'ok' : 'idle'}>
          {t(slot.tokenPresent ? 'diagnosis.token-present' : 'diagnosis.slot-empty')}
        </ToneMark>
      </div>
      {slot.error && <ErrorNotice error={slot.error} />}
      {slot.token && <TokenPart token={slot.token} />}
    </div>
  );
}

function TokenPart({ token }: { readonly token: DiagnosedToken }) {
  const t = useMessages();
  const [tone, pin] = pinWords[token.pinState];
  const signing = token.mechanisms.filter((mechanism) => mechanism.signs).map(({ name }) => name);
  return (
    <>
      <Facts
        rows={[
          [t('token.device'), [token.label, token.manufacturer, token.model].filter(Boolean).join(' · ')],
          [
            t('token.serial'),
            token.serial && (
              <span key="serial" className="mono">
                {token.serial}
              </span>
            ),
          ],
          [
            t('pin.state'),
            <ToneMark key="pin" tone={tone}>
              {t(pin)}
            </ToneMark>,
          ],
          [t('diagnosis.pin-pad'), token.pinPad ? t('value.yes') : null],
          [
            t('diagnosis.mechanisms'),
            <span key="mechanisms" className="mono">
              {signing.join(', ') || '–'}
            </span>,
          ],
        ]}
      />
      {token.certificates.length > 0 && (
        <ul className="diagnosis-certificates">
          {token.certificates.map((certificate) => (
            <li key={certificate.summary.fingerprint}>
              <b>{certificate.summary.commonName || certificate.label}</b>{' '}
              <span className="soft">
                {[
                  t(certificate.role === 'issuer' ? 'diagnosis.issuer' : 'diagnosis.end-entity'),
                  certificate.keyType &&
                    `${certificate.keyType.toUpperCase()} ${certificate.bits ?? ''}`.trim(),
                  t('diagnosis.until', { date: showDate(certificate.summary.notAfter) }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
