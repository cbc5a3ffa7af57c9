import type { Letter, Paragraph, SampleNames } from './letter.ts';
import { wholeBetween, type Random } from './prng.ts';

/** What the letter makers need: who receives, the day the mail arrives (`yyyy-MM-dd`), the luck of the draw. */
export interface LetterContext {
  readonly names: SampleNames;
  readonly today: string;
  readonly random: Random;
}

/** `yyyy-MM-dd`, `days` before (or, negative, after) the given day. */
export function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}

/** `ngày 05 tháng 02 năm 2026`: days below 10 and months 1 and 2 are padded (domain/vietnam.md §1.3). */
export function dateInWords(day: string): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const monthText = month < 3 ? `0${month}` : String(month);
  return `ngày ${String(date).padStart(2, '0')} tháng ${monthText} năm ${year}`;
}

const slashed = (day: string) => day.split('-').toReversed().join('/');
const plain = (text: string): Paragraph => ({ text });

/** Công văn of a provincial department: asks the communes to go over their arrival registers. */
export function officialLetter({ names, today, random }: LetterContext): Letter {
  const province = names.province.toUpperCase();
  return {
    slug: 'cong-van',
    parentLines: [`UBND TỈNH ${province}`],
    issuerLines: ['SỞ NỘI VỤ'],
    number: String(wholeBetween(random, 1100, 2900)),
    notation: 'SNV-CCHC',
    place: names.province,
    date: daysBefore(today, 2),
    typeId: 18,
    typeName: 'Công văn',
    subject: 'V/v rà soát việc đăng ký, số hóa văn bản đến và lập hồ sơ công việc tại các xã, phường',
    addressees: [`Ủy ban nhân dân xã ${names.commune}`, 'Ủy ban nhân dân các xã, phường lân cận'],
    paragraphs: [
      plain(
        'Qua theo dõi tình hình tiếp nhận và xử lý văn bản trong quý vừa qua, Sở Nội vụ nhận thấy nhiều xã, phường đã phân công người làm văn thư ổn định, mở sổ đăng ký đầy đủ và chuyển văn bản đến đúng người ngay trong ngày. Tuy vậy, một số nơi còn để sót văn bản giấy chưa đăng ký, bản số hóa mờ hoặc thiếu trang, khi cần tra cứu phải tìm lại trong tủ hồ sơ.',
      ),
      plain(
        'Để chuẩn bị cho việc tổng kết công tác văn thư cuối năm, Sở Nội vụ đề nghị Ủy ban nhân dân các xã, phường thực hiện một số nội dung sau:',
      ),
      plain(
        '1. Đối chiếu sổ đăng ký văn bản đến với văn bản đang lưu tại từng bộ phận; ghi bổ sung những văn bản chưa có trong sổ, nêu rõ lý do đăng ký muộn ở cột ghi chú.',
      ),
      plain(
        '2. Kiểm tra các bản đã số hóa: đủ trang, đúng chiều, ảnh màu, độ phân giải không dưới 200 dpi. Bản nào không đạt thì quét lại từ bản giấy đang lưu, không chỉnh sửa nội dung.',
      ),
      plain(
        '3. Lập danh mục hồ sơ công việc của năm tới và phân công người lập hồ sơ cho từng đầu việc, gửi kèm báo cáo kết quả rà soát.',
      ),
      plain(
        `Báo cáo gửi về Sở Nội vụ trước ngày ${slashed(daysBefore(today, -20))} để tổng hợp. Trong quá trình thực hiện, nếu có vướng mắc, đề nghị trao đổi với Phòng Cải cách hành chính để được hướng dẫn./.`,
      ),
    ],
    authorityLines: ['KT. GIÁM ĐỐC', 'PHÓ GIÁM ĐỐC'],
    signerName: 'Lương Thế Hiển',
    recipients: ['Như trên;', 'Giám đốc Sở (để b/c);', 'Lưu: VT, CCHC.'],
    stamp: { rim: `ỦY BAN NHÂN DÂN TỈNH ${province}`, centre: 'SỞ NỘI VỤ' },
    urgency: 'thuong',
    secrecy: 'thuong',
  };
}

/** Quyết định of the provincial committee: two pages, issuing body in two bold lines. */
export function decision({ names, today, random }: LetterContext): Letter {
  const province = names.province.toUpperCase();
  return {
    slug: 'quyet-dinh',
    parentLines: [],
    issuerLines: ['ỦY BAN NHÂN DÂN', `TỈNH ${province}`],
    number: String(wholeBetween(random, 310, 980)),
    notation: 'QĐ-UBND',
    place: names.province,
    date: daysBefore(today, 5),
    typeId: 2,
    typeName: 'Quyết định',
    subject:
      'Về việc ban hành Kế hoạch kiểm tra công tác văn thư, lưu trữ tại các xã, phường trên địa bàn tỉnh',
    addressees: [],
    paragraphs: [
      { text: `CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH ${province}`, look: 'bold-centre' },
      { text: 'Căn cứ Luật Tổ chức chính quyền địa phương;', look: 'italic' },
      { text: 'Căn cứ Luật Lưu trữ;', look: 'italic' },
      { text: 'Căn cứ Nghị định số 30/2020/NĐ-CP của Chính phủ về công tác văn thư;', look: 'italic' },
      { text: 'Theo đề nghị của Giám đốc Sở Nội vụ.', look: 'italic' },
      { text: 'QUYẾT ĐỊNH:', look: 'bold-centre' },
      {
        text: 'Điều 1. Ban hành kèm theo Quyết định này Kế hoạch kiểm tra công tác văn thư, lưu trữ tại các xã, phường trên địa bàn tỉnh.',
        look: 'article',
      },
      plain(
        'Việc kiểm tra tập trung vào tiếp nhận và đăng ký văn bản đến, quản lý con dấu và thiết bị lưu khóa bí mật, số hóa văn bản giấy, lập hồ sơ và giao nộp hồ sơ vào lưu trữ hiện hành. Mỗi xã, phường được kiểm tra một lần trong kỳ, trừ trường hợp phải kiểm tra lại theo kiến nghị của đoàn.',
      ),
      {
        text: 'Điều 2. Giao Sở Nội vụ chủ trì, phối hợp với Văn phòng Ủy ban nhân dân tỉnh và Sở Khoa học và Công nghệ thành lập đoàn kiểm tra, thông báo lịch làm việc cho từng đơn vị ít nhất mười ngày trước khi đến.',
        look: 'article',
      },
      plain(
        'Đoàn kiểm tra lập biên bản tại nơi làm việc, nêu rõ việc đã làm tốt, việc còn thiếu, thời hạn khắc phục và người chịu trách nhiệm. Biên bản được đọc lại và ký ngay trong ngày; mỗi bên giữ một bản.',
      ),
      plain(
        'Sau khi kết thúc kiểm tra, Sở Nội vụ tổng hợp kết quả, kiến nghị biện pháp tháo gỡ khó khăn chung về người, máy quét, đường truyền và kho lưu trữ; báo cáo Ủy ban nhân dân tỉnh trong tháng cuối cùng của kỳ kiểm tra.',
      ),
      {
        text: 'Điều 3. Kinh phí kiểm tra được bố trí trong dự toán ngân sách giao cho Sở Nội vụ; các xã, phường tự chuẩn bị tài liệu, không tổ chức đón tiếp.',
        look: 'article',
      },
      plain(
        'Tài liệu chuẩn bị gồm sổ đăng ký văn bản đến, sổ đăng ký văn bản đi, danh mục hồ sơ của năm, biên bản bàn giao con dấu và thiết bị lưu khóa bí mật. Đơn vị dùng phần mềm thì in sổ, đóng quyển và ký đủ các cột trước ngày đoàn đến làm việc.',
      ),
      {
        text: 'Điều 4. Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng Ủy ban nhân dân tỉnh, Giám đốc Sở Nội vụ, Giám đốc Sở Khoa học và Công nghệ, Chủ tịch Ủy ban nhân dân các xã, phường và thủ trưởng các cơ quan liên quan chịu trách nhiệm thi hành Quyết định này./.',
        look: 'article',
      },
    ],
    authorityLines: ['KT. CHỦ TỊCH', 'PHÓ CHỦ TỊCH'],
    signerName: 'Đặng Mỹ Uyên',
    recipients: [
      'Như Điều 4;',
      'Thường trực Tỉnh ủy (để b/c);',
      'Chủ tịch, các PCT UBND tỉnh;',
      `UBND xã ${names.commune};`,
      'Lưu: VT, NC.',
    ],
    stamp: { rim: `ỦY BAN NHÂN DÂN TỈNH ${province}`, centre: '' },
    urgency: 'thuong',
    secrecy: 'thuong',
  };
}

/** Giấy mời of a provincial centre, with a padded number below 10. */
export function invitation({ names, today, random }: LetterContext): Letter {
  const province = names.province.toUpperCase();
  return {
    slug: 'giay-moi',
    parentLines: [`UBND TỈNH ${province}`],
    issuerLines: ['TRUNG TÂM PHỤC VỤ', 'HÀNH CHÍNH CÔNG'],
    number: `0${wholeBetween(random, 2, 9)}`,
    notation: 'GM-TTPVHCC',
    place: names.province,
    date: daysBefore(today, 1),
    typeId: 23,
    typeName: 'Giấy mời',
    subject: 'Dự hội nghị trao đổi kinh nghiệm tiếp nhận và trả kết quả thủ tục hành chính ở cấp xã',
    addressees: [`Chủ tịch Ủy ban nhân dân xã ${names.commune}`],
    paragraphs: [
      plain(
        'Trung tâm Phục vụ hành chính công tỉnh trân trọng kính mời đại biểu dự hội nghị trao đổi kinh nghiệm tiếp nhận và trả kết quả thủ tục hành chính ở cấp xã.',
      ),
      plain(
        'Thành phần: lãnh đạo Ủy ban nhân dân xã và một công chức phụ trách bộ phận tiếp nhận hồ sơ; đại diện Sở Nội vụ và Văn phòng Ủy ban nhân dân tỉnh cùng dự và giải đáp.',
      ),
      plain(`Thời gian: 08 giờ 00, ngày ${slashed(daysBefore(today, -9))}.`),
      plain(
        `Địa điểm: Phòng họp số 2, Trung tâm Phục vụ hành chính công tỉnh ${names.province}, số 12 đường Hàng Me, phường An Bình.`,
      ),
      plain(
        'Đề nghị mỗi đơn vị chuẩn bị một ý kiến ngắn về cách làm hay hoặc khó khăn đang gặp tại bộ phận một cửa, gửi trước cho Trung tâm hai ngày để in tài liệu. Rất mong đại biểu đến dự đúng giờ để hội nghị đạt kết quả tốt./.',
      ),
    ],
    authorityLines: ['GIÁM ĐỐC'],
    signerName: 'Kiều Quốc Thắng',
    recipients: ['Như trên;', 'Văn phòng UBND tỉnh (để b/c);', 'Lưu: VT.'],
    stamp: { rim: 'TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG', centre: `TỈNH ${province}` },
    urgency: 'thuong',
    secrecy: 'thuong',
  };
}

/** Thông báo sent as a born-digital document. */
export function announcement({ names, today, random }: LetterContext): Letter {
  const province = names.province.toUpperCase();
  return {
    slug: 'van-ban-dien-tu',
    parentLines: [`UBND TỈNH ${province}`],
    issuerLines: ['SỞ KHOA HỌC VÀ CÔNG NGHỆ'],
    number: String(wholeBetween(random, 120, 890)),
    notation: 'TB-SKHCN',
    place: names.province,
    date: daysBefore(today, 1),
    typeId: 7,
    typeName: 'Thông báo',
    subject: 'Về lịch kiểm tra đường truyền số liệu và máy trạm tại các xã, phường',
    addressees: [],
    paragraphs: [
      plain(
        `Sở Khoa học và Công nghệ thông báo lịch kiểm tra đường truyền số liệu và máy trạm dùng cho công tác văn thư tại các xã, phường. Đoàn kỹ thuật làm việc tại xã ${names.commune} trong buổi sáng ngày ${slashed(daysBefore(today, -6))}.`,
      ),
      plain(
        'Đề nghị đơn vị cử một người hiểu rõ phòng máy cùng làm việc, chuẩn bị danh sách máy trạm, máy quét và thiết bị lưu khóa bí mật đang dùng. Trong lúc đo, mạng có thể gián đoạn không quá ba mươi phút; văn bản gửi đi trong thời gian này được giữ trong hàng đợi và tự gửi lại.',
      ),
      plain(
        'Kết quả đo được gửi cho từng đơn vị trong vòng ba ngày làm việc. Mọi thắc mắc xin liên hệ Trung tâm Dữ liệu của Sở trong giờ hành chính./.',
      ),
    ],
    authorityLines: ['TL. GIÁM ĐỐC', 'CHÁNH VĂN PHÒNG'],
    signerName: 'Tạ Hoàng Lâm',
    recipients: [`UBND xã ${names.commune};`, 'Lãnh đạo Sở;', 'Lưu: VT, TTDL.'],
    stamp: { rim: '', centre: '' },
    urgency: 'thuong',
    secrecy: 'thuong',
  };
}

/** A công văn that bears `MẬT` in ô 10a (the text is invented and harmless): must end in quarantine. */
export function secretLetter(context: LetterContext): Letter {
  return {
    ...officialLetter(context),
    slug: 'cong-van-mat',
    notation: 'SNV-VP',
    subject: 'V/v phối hợp bảo đảm an toàn hội nghị cuối năm',
    addressees: [`Ủy ban nhân dân xã ${context.names.commune}`],
    paragraphs: [
      plain(
        'Văn bản này là mẫu thử do phần mềm tự tạo ra để kiểm tra việc nhận biết dấu chỉ độ mật; nội dung không có thật và không chứa thông tin cần giữ kín.',
      ),
      plain(
        'Khi gặp văn bản có dấu chỉ độ mật, người làm văn thư dừng việc số hóa, đăng ký vào sổ riêng và chuyển giao theo quy định./.',
      ),
    ],
    secrecy: 'mat',
  };
}

/** A công văn that only speaks of secrets, in small letters and in capitals: must not end in quarantine. */
export function letterAboutSecrets(context: LetterContext): Letter {
  return {
    ...officialLetter(context),
    slug: 'cong-van-noi-ve-mat',
    notation: 'SNV-VTLT',
    subject: 'V/v nhắc nhở việc quản lý văn bản mật và thiết bị lưu khóa bí mật',
    addressees: [`Ủy ban nhân dân xã ${context.names.commune}`],
    paragraphs: [
      plain(
        'Sở Nội vụ nhắc các đơn vị: văn bản mật không được số hóa, không gửi qua hệ thống chung. Văn bản có dấu MẬT, TỐI MẬT hoặc TUYỆT MẬT phải đăng ký tại sổ riêng và cất trong tủ có khóa.',
      ),
      plain(
        'Thiết bị lưu khóa bí mật của cơ quan giao cho một người giữ, để tại trụ sở; khi bàn giao phải có biên bản. Người giữ thiết bị không cho người khác biết mã PIN./.',
      ),
    ],
  };
}

/** A hỏa tốc or khẩn công điện-like letter: red boxed mark in ô 10b. */
export function urgentLetter(context: LetterContext, urgency: 'khan' | 'thuong-khan' | 'hoa-toc'): Letter {
  return {
    ...officialLetter(context),
    slug: `cong-van-${urgency}`,
    notation: 'SNV-TCBC',
    subject: 'V/v bố trí người trực và báo cáo tình hình mưa lũ hằng ngày',
    addressees: [`Ủy ban nhân dân xã ${context.names.commune}`],
    paragraphs: [
      plain(
        'Để chủ động ứng phó với đợt mưa lớn được dự báo trong những ngày tới, Sở Nội vụ đề nghị Ủy ban nhân dân xã bố trí người trực cả ngày lẫn đêm tại trụ sở, kiểm tra loa truyền thanh và danh sách hộ dân ở vùng trũng.',
      ),
      plain(
        'Trước 16 giờ hằng ngày, đơn vị báo cáo số người trực, tình hình ngập và việc cần hỗ trợ về số máy của bộ phận thường trực./.',
      ),
    ],
    urgency,
  };
}
