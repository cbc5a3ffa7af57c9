import { Button } from '@mantine/core';
import { IconUsb } from '@tabler/icons-react';
import { useProcedure } from '../engine/use-procedure.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { hashOf } from '../router/parse-hash.ts';
import { useScreenReady } from '../router/use-screen-ready.ts';
import { useSigningKey } from '../token/use-signing-key.ts';
import { Empty } from '../ui/empty.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Loading } from '../ui/loading.tsx';
import { DeviceCard } from './device-card.tsx';
import { ServiceCard } from './service-card.tsx';
import './devices.css';

/** Thiết bị ký, dịch vụ: tokens with their keys, and how the services are. */
export function DevicesScreen() {
  const t = useMessages();
  const tokens = useProcedure('token.list', {});
  const services = useProcedure('services.status', {}, { every: 20_000 });
  const signing = useSigningKey();
  const pending = tokens.isPending || services.isPending;
  useScreenReady(!pending);
  if (pending) return <Loading />;
  const modules = tokens.data?.modules ?? [];
  const devices = modules.flatMap((module) => module.tokens);
  return (
    <div className="screen">
      <header className="screen-head">
        <h1>{t('nav.devices')}</h1>
        <span className="devices-links">
          <Button size="xs" variant="default" component="a" href={hashOf('diagnosis')}>
            {t('nav.diagnosis')}
          </Button>
          <Button size="xs" variant="default" component="a" href={hashOf('tokens')}>
            {t('nav.tokens')}
          </Button>
        </span>
      </header>
      <div className="screen-body" tabIndex={0} role="region" aria-label={t('nav.devices')}>
        <div className="devices">
          <section className="devices-column" aria-label={t('devices.tokens')}>
            <h2 className="card-title">{t('devices.tokens')}</h2>
            {tokens.error && <ErrorNotice error={tokens.error} />}
            {modules
              .filter((module) => module.error !== null)
              .map((module) => (
                <ErrorNotice key={module.path} error={module.error!} title={module.path} />
              ))}
            {devices.map((token) => (
              <DeviceCard
                key={token.id}
                token={token}
                signingKeyUri={signing && 'key' in signing ? signing.key.uri : null}
              />
            ))}
            {devices.length === 0 && (
              <div className="card">
                <Empty icon={IconUsb} title={t('token.absent')}>
                  {t('devices.none-text')}
                </Empty>
              </div>
            )}
          </section>
          <section className="devices-column" aria-label={t('devices.services')}>
            <h2 className="card-title">{t('devices.services')}</h2>
            {services.error && <ErrorNotice error={services.error} />}
            {services.data?.services.map((service) => (
              <ServiceCard key={service.name} service={service} />
            ))}
          </section>
        </div>
      </div>
    </div>
  );
}
