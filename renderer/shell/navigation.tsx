import { useProcedure } from '../engine/use-procedure.ts';
import { useEngine } from '../engine/engine-context.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { hashOf } from '../router/parse-hash.ts';
import { usePlace } from '../router/use-place.ts';
import { showCount } from '../format/number.ts';
import { navigationItems } from './navigation-items.ts';

/** Left side: the screens and how much waits in each. */
export function Navigation() {
  const t = useMessages();
  const place = usePlace();
  const engine = useEngine();
  const status = useProcedure('engine.status', {}, { every: 15_000 });
  const current =
    place.route === 'document' ? 'register' : place.route === 'diagnosis' ? 'devices' : place.route;
  return (
    <nav className="shell-nav" aria-label={t('nav.label')}>
      {navigationItems.map(({ route, title, icon: Sign, count, chord }) => {
        const waiting = (status.data && count?.(status.data.counts)) ?? 0;
        return (
          <a
            key={route}
            className="nav-item"
            href={hashOf(route)}
            aria-current={current === route ? 'page' : undefined}
            aria-keyshortcuts={chord}
          >
            <Sign size={18} stroke={1.6} aria-hidden />
            <span className="nav-label">{t(title)}</span>
            {waiting > 0 && (
              <span
                className="nav-count"
                data-urgent={route === 'inbox' || route === 'sealing'}
                aria-label={t('nav.waiting', { n: waiting })}
              >
                {showCount(waiting)}
              </span>
            )}
          </a>
        );
      })}
      <div className="nav-foot">Ấn Thư {status.data?.version ?? engine.version}</div>
    </nav>
  );
}
