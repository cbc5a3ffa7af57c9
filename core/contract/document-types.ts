/** One of the 29 document types (tên loại văn bản). */
export interface DocumentType {
  /** Position in Article 7's list, 1 to 29; also edXML's `DocumentType/Type` (domain/vietnam.md §1.9). */
  readonly id: number;
  readonly name: string;
  /** Letters in the notation (ký hiệu); empty for công văn and thư công. */
  readonly letters: string;
  /** Two-digit code of the archives' list (domain/vietnam.md §2.4); its order differs from Article 7 after 14. */
  readonly archiveCode: string;
}

/** The 29 types of Decree 30 in the order of Article 7 (domain/vietnam.md §1.9), with the archives' codes (§2.4). */
export const documentTypes: readonly DocumentType[] = [
  { id: 1, name: 'Nghị quyết', letters: 'NQ', archiveCode: '01' },
  { id: 2, name: 'Quyết định', letters: 'QĐ', archiveCode: '02' },
  { id: 3, name: 'Chỉ thị', letters: 'CT', archiveCode: '03' },
  { id: 4, name: 'Quy chế', letters: 'QC', archiveCode: '04' },
  { id: 5, name: 'Quy định', letters: 'QyĐ', archiveCode: '05' },
  { id: 6, name: 'Thông cáo', letters: 'TC', archiveCode: '06' },
  { id: 7, name: 'Thông báo', letters: 'TB', archiveCode: '07' },
  { id: 8, name: 'Hướng dẫn', letters: 'HD', archiveCode: '08' },
  { id: 9, name: 'Chương trình', letters: 'CTr', archiveCode: '09' },
  { id: 10, name: 'Kế hoạch', letters: 'KH', archiveCode: '10' },
  { id: 11, name: 'Phương án', letters: 'PA', archiveCode: '11' },
  { id: 12, name: 'Đề án', letters: 'ĐA', archiveCode: '12' },
  { id: 13, name: 'Dự án', letters: 'DA', archiveCode: '13' },
  { id: 14, name: 'Báo cáo', letters: 'BC', archiveCode: '14' },
  { id: 15, name: 'Biên bản', letters: 'BB', archiveCode: '20' },
  { id: 16, name: 'Tờ trình', letters: 'TTr', archiveCode: '15' },
  { id: 17, name: 'Hợp đồng', letters: 'HĐ', archiveCode: '21' },
  { id: 18, name: 'Công văn', letters: '', archiveCode: '22' },
  { id: 19, name: 'Công điện', letters: 'CĐ', archiveCode: '23' },
  { id: 20, name: 'Bản ghi nhớ', letters: 'BGN', archiveCode: '24' },
  { id: 21, name: 'Bản thỏa thuận', letters: 'BTT', archiveCode: '25' },
  { id: 22, name: 'Giấy ủy quyền', letters: 'GUQ', archiveCode: '16' },
  { id: 23, name: 'Giấy mời', letters: 'GM', archiveCode: '26' },
  { id: 24, name: 'Giấy giới thiệu', letters: 'GGT', archiveCode: '27' },
  { id: 25, name: 'Giấy nghỉ phép', letters: 'GNP', archiveCode: '28' },
  { id: 26, name: 'Phiếu gửi', letters: 'PG', archiveCode: '17' },
  { id: 27, name: 'Phiếu chuyển', letters: 'PC', archiveCode: '18' },
  { id: 28, name: 'Phiếu báo', letters: 'PB', archiveCode: '19' },
  { id: 29, name: 'Thư công', letters: '', archiveCode: '29' },
];
