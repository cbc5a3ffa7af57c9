import { AnThuError } from '../../shared/errors.ts';
import { holds, realPlace } from '../../shared/places.ts';
import { reason } from '../../shared/reasons.ts';

/**
 * Whether a scan folder and the data folder lie apart from each other. One inside the other would let the watch take the
 * register itself for a scan and move it away. Links are followed.
 */
export async function isApart(scanFolder: string, dataFolder: string): Promise<boolean> {
  const [scans, data] = await Promise.all([realPlace(scanFolder), realPlace(dataFolder)]);
  return !holds(scans, data) && !holds(data, scans);
}

/** No output that a person names, file or folder, goes into the data folder. Throws `general.invalid-input`. */
export async function refuseInsideData(dataFolder: string, output: string): Promise<void> {
  const [data, place] = await Promise.all([realPlace(dataFolder), realPlace(output)]);
  if (holds(data, place))
    throw new AnThuError('general.invalid-input', { reason: reason('output.inside-data', output) });
}
