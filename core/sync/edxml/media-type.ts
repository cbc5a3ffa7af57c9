const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  ['pdf', 'application/pdf'],
  ['doc', 'application/msword'],
  ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['xls', 'application/vnd.ms-excel'],
  ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['png', 'image/png'],
  ['tif', 'image/tiff'],
  ['tiff', 'image/tiff'],
  ['xml', 'application/xml'],
  ['zip', 'application/zip'],
]);

/** Media type by a file name's ending. */
export function mediaTypeOfName(name: string): string {
  return MEDIA_TYPES.get(name.split('.').at(-1)?.toLowerCase() ?? '') ?? 'application/octet-stream';
}

/** The type that a package states, when it is one; else by the name. A parameter (`; charset=…`) says nothing to us. */
export function mediaTypeOf(stated: string, name: string): string {
  return /^[a-z0-9][\w.+-]{0,63}\/[a-z0-9][\w.+-]{0,99}$/u.test(stated) ? stated : mediaTypeOfName(name);
}
