/* oxlint-disable no-underscore-dangle -- PDFium's exported names */
import { PDFiumModule } from '@hyzyla/pdfium';

/** A page and where it is displayed. */
type Displayed = [page: number, x: number, y: number, width: number, height: number, rotate: number];

/** The functions of the PDFium build that are used here; pointers are byte offsets into its memory. */
export interface Pdfium {
  readonly HEAPU8: Uint8Array;
  readonly HEAPF32: Float32Array;
  readonly HEAPF64: Float64Array;
  readonly HEAP32: Int32Array;
  _malloc(size: number): number;
  _free(pointer: number): void;
  _PDFium_Init(): void;
  _FPDF_LoadMemDocument(data: number, size: number, password: number): number;
  _FPDF_GetLastError(): number;
  _FPDF_CloseDocument(document: number): void;
  _FPDF_GetPageCount(document: number): number;
  _FPDF_LoadPage(document: number, index: number): number;
  _FPDF_ClosePage(page: number): void;
  _FPDF_GetPageWidth(page: number): number;
  _FPDF_GetPageHeight(page: number): number;
  _FPDFPage_GetRotation(page: number): number;
  _FPDFPage_CountObjects(page: number): number;
  _FPDFPage_GetObject(page: number, index: number): number;
  _FPDFPage_GetAnnotCount(page: number): number;
  _FPDFPageObj_GetType(object: number): number;
  _FPDFPageObj_GetMatrix(object: number, matrix: number): number;
  _FPDFImageObj_GetImageFilterCount(object: number): number;
  _FPDFImageObj_GetImageFilter(object: number, index: number, buffer: number, length: number): number;
  _FPDFImageObj_GetImageDataRaw(object: number, buffer: number, length: number): number;
  _FPDFBitmap_CreateEx(width: number, height: number, format: number, data: number, stride: number): number;
  _FPDFBitmap_FillRect(
    bitmap: number,
    left: number,
    top: number,
    width: number,
    height: number,
    color: number,
  ): void;
  _FPDFBitmap_Destroy(bitmap: number): void;
  _FPDF_RenderPageBitmap(bitmap: number, ...rest: [...Displayed, flags: number]): void;
  _FPDF_PageToDevice(
    ...all: [...Displayed, pageX: number, pageY: number, deviceX: number, deviceY: number]
  ): number;
  _FPDFText_LoadPage(page: number): number;
  _FPDFText_ClosePage(textPage: number): void;
  _FPDFText_CountChars(textPage: number): number;
  _FPDFText_GetUnicode(textPage: number, index: number): number;
  _FPDFText_GetCharBox(
    textPage: number,
    index: number,
    left: number,
    right: number,
    bottom: number,
    top: number,
  ): number;
  _FPDFText_GetFillColor(textPage: number, index: number, r: number, g: number, b: number, a: number): number;
}

let loading: Promise<Pdfium> | undefined;

/** The PDFium WebAssembly module of this process, started once (about 30 ms). */
export function pdfium(): Promise<Pdfium> {
  loading ??= PDFiumModule({}).then((loaded) => {
    const module: object = loaded;
    const ready = module as Pdfium;
    ready._PDFium_Init();
    return ready;
  });
  return loading;
}
