import { join } from 'node:path';
import { createDemoPki, type DemoPki } from '../pki/index.ts';

/** Protects sample keys only. */
export const BENCH_PIN = '24681357';

/** Certificates of a sample commune and its province, below `folder`. */
export function benchPki(folder: string): Promise<DemoPki> {
  return createDemoPki(join(folder, 'pki'), {
    agencyName: 'Ủy ban nhân dân xã Hòa Thịnh',
    organId: 'H99.33',
    senderName: 'Ủy ban nhân dân tỉnh An Lạc',
    senderOrganId: 'H99',
    pin: BENCH_PIN,
  });
}
