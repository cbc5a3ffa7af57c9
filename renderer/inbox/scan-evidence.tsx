import { IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import type { IntakeItem, VirusCheck } from '../../core/contract/intake.ts';
import { showInstant } from '../format/date.ts';
import { showFileName } from '../format/file-name.ts';
import { showBytes } from '../format/number.ts';
import type { MessageKey } from '../i18n/catalogue.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { Facts } from '../ui/facts.tsx';
import { ToneMark } from '../ui/tone-mark.tsx';
import type { Tone } from '../ui/tone.ts';

const verdicts: Record<VirusCheck['verdict'], readonly [Tone, MessageKey]> = {
  clean: ['ok', 'virus.clean'],
  infected: ['bad', 'virus.infected'],
  'too-large': ['warn', 'virus.too-large'],
  unavailable: ['warn', 'virus.unavailable'],
  error: ['warn', 'virus.error'],
  'left-out': ['warn', 'virus.left-out'],
};

const colours: Record<NonNullable<IntakeItem['facts']>['colour'], MessageKey> = {
  colour: 'colour.colour',
  grey: 'colour.grey',
  bilevel: 'colour.bilevel',
  unknown: 'colour.unknown',
};

/** Where the file came from, what the virus scanner answered, what the picture is like. */
export function ScanEvidence({ item }: { readonly item: IntakeItem }) {
  const t = useMessages();
  const check = item.virusCheck;
  const facts = item.facts;
  return (
    <div className="evidence">
      <Facts
        rows={[
          [
            t('evidence.file'),
            <span key="name" className="isolated-text">
              {showFileName(item.originalName)}
            </span>,
          ],
          [
            t('evidence.received'),
            `${showInstant(item.receivedAt, 'seconds')} · ${showBytes(item.bytes)} · ${t(
              item.origin === 'paper' ? 'origin.paper' : 'origin.electronic',
            )}`,
          ],
          [
            t('evidence.scan'),
            facts && facts.pages > 0
              ? [
                  t('evidence.pages', { n: facts.pages }),
                  facts.dpi === null ? null : `${Math.round(facts.dpi)} dpi`,
                  facts.colour === 'unknown' ? null : t(colours[facts.colour]),
                  facts.signed ? t('evidence.signed') : null,
                ]
                  .filter((part) => part !== null)
                  .join(' · ')
              : null,
          ],
          [t('evidence.virus'), check ? <VirusWords key="virus" check={check} /> : t('virus.not-yet')],
          [
            t('evidence.sha256'),
            <span key="hash" className="mono">
              {item.sha256}
            </span>,
          ],
        ]}
      />
    </div>
  );
}

function VirusWords({ check }: { readonly check: VirusCheck }) {
  const t = useMessages();
  const [tone, title] = verdicts[check.verdict];
  return (
    <span>
      <ToneMark tone={tone} icon={tone === 'ok' ? IconShieldCheck : IconShieldX} title={check.reply}>
        {t(title)}
      </ToneMark>{' '}
      {[
        check.engine,
        check.database &&
          t('virus.database', { version: check.database, date: showDatabaseDate(check.databaseDate) }),
        t('virus.at', { at: showInstant(check.at, 'seconds') }),
      ]
        .filter((part) => part)
        .join(' · ')}
    </span>
  );
}

function showDatabaseDate(date: string | null): string {
  return date === null ? '–' : showInstant(date);
}
