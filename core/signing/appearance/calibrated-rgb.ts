import { PdfDict, PdfName, type PdfObject } from '../../pdf/objects.ts';

/**
 * sRGB as a calibrated colour space: unlike DeviceRGB it means the same whatever the file's output intent, so a PDF/A
 * stays one.
 */
export function calibratedRgb(): PdfObject {
  return [
    new PdfName('CalRGB'),
    new PdfDict({
      WhitePoint: [0.9505, 1, 1.089],
      Gamma: [2.2, 2.2, 2.2],
      Matrix: [0.4124, 0.2126, 0.0193, 0.3576, 0.7152, 0.1192, 0.1805, 0.0722, 0.9505],
    }),
  ];
}
