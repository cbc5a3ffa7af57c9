import { defineErrors } from './define.ts';

/** Errors of the room `signing`. */
export const signingErrors = defineErrors({
  'signing.risks-refused': {
    exit: 2,
    vi: 'Tệp có điều không nên ký: {reason}. Chưa ký, tệp gốc giữ nguyên. Vui lòng xin lại tệp sạch, hoặc bỏ --refuse-risks nếu vẫn muốn ký.',
    en: 'The file holds something that should not be signed: {reason}. Nothing was signed and the original is untouched. Ask for a clean file, or leave out --refuse-risks to sign it anyway.',
  },
  'signing.concerns-unaccepted': {
    exit: 2,
    vi: 'Tệp có điều chưa ai xác nhận trước khi ký: {reason}. Văn bản và số đến giữ nguyên, chưa ký. Vui lòng báo quản trị hệ thống.',
    en: 'The file holds something that nobody accepted before signing: {reason}. Document and number are kept, nothing was signed. Please tell the administrator.',
  },
  'signing.no-changes-allowed': {
    exit: 2,
    vi: 'Người ký trước đã khóa văn bản, không cho phép bất kỳ thay đổi nào (kể cả ký thêm). Tệp gốc và chữ ký trước vẫn nguyên vẹn. Vui lòng gửi kèm văn bản ký riêng hoặc xin bản khác.',
    en: 'An earlier signer locked this document against any change, further signatures included. The original and its signatures are untouched. Please sign a covering document or ask for another copy.',
  },
  'signing.level-pending': {
    exit: 69,
    vi: 'Văn bản đã ký ở mức {level}, chưa lên được mức {wanted}: {reason}. Chữ ký vẫn có giá trị, tệp không đổi. Ấn Thư sẽ tự làm tiếp khi dịch vụ trả lời.',
    en: 'The document is signed at level {level} and not yet at {wanted}: {reason}. The signature stands and the file is unchanged. Ấn Thư goes on by itself once the service answers.',
  },
  'signing.xfa': {
    exit: 2,
    vi: 'Tệp PDF là biểu mẫu XFA nên không ký được mà giữ nguyên nội dung. Tệp gốc vẫn nguyên vẹn. Vui lòng in ra PDF thường rồi ký.',
    en: 'The PDF is an XFA form and cannot be signed without changing it. The original is untouched. Please print it to an ordinary PDF first.',
  },
  'signing.portfolio': {
    exit: 2,
    vi: 'Tệp PDF là bộ sưu tập nhiều tệp (portfolio) nên không ký được. Tệp gốc vẫn nguyên vẹn. Vui lòng tách từng tệp rồi ký.',
    en: 'The PDF is a portfolio of several files and cannot be signed. The original is untouched. Please take the files out and sign each.',
  },
  'signing.earlier-signature-broken': {
    exit: 2,
    vi: 'Chữ ký đã có trong trường «{field}» không hợp lệ về cấu trúc nên không ký thêm. Tệp gốc vẫn nguyên vẹn. Vui lòng kiểm tra chữ ký cũ hoặc xin bản khác.',
    en: 'The structure of the signature already in field “{field}” is broken, so nothing was added. The original is untouched. Please verify the earlier signature or ask for another copy.',
  },
  'signing.field-exists': {
    exit: 64,
    vi: 'Tên trường chữ ký «{field}» đã có hoặc không dùng được. Chưa có gì được ký. Vui lòng chọn tên khác.',
    en: 'The signature field name “{field}” is taken or not usable. Nothing was signed. Please choose another name.',
  },
  'signing.text-not-drawable': {
    exit: 64,
    vi: 'Phông chữ không có ký tự {character} trong tên cơ quan. Chưa có gì được ký. Vui lòng sửa tên cơ quan trong phần thiết lập.',
    en: 'The font has no glyph for {character} of the agency name. Nothing was signed. Please correct the agency name in the settings.',
  },
  'signing.page-too-small': {
    exit: 2,
    vi: 'Trang đầu quá nhỏ để đặt khối chữ ký số của cơ quan. Tệp gốc vẫn nguyên vẹn. Vui lòng quét lại đúng khổ giấy hoặc ký không hiển thị.',
    en: 'The first page is too small for the agency signature block. The original is untouched. Please scan at the true paper size or sign invisibly.',
  },
  'signing.scheme-mismatch': {
    exit: 64,
    vi: 'Khóa {keyType} không dùng được với thuật toán ký {scheme}. Chưa có gì được ký. Vui lòng chọn thuật toán khác.',
    en: 'A key of type {keyType} cannot sign with {scheme}. Nothing was signed. Please choose another scheme.',
  },
  'signing.bad-signature': {
    exit: 69,
    vi: 'Thiết bị ký trả về chữ ký không khớp với chứng thư nên đã bị loại bỏ. Tệp gốc vẫn nguyên vẹn. Vui lòng rút và cắm lại thiết bị ký rồi thử lại; nếu lặp lại, hãy báo bộ phận kỹ thuật.',
    en: 'The token returned a signature that does not fit its certificate; it was discarded. The original is untouched. Please plug the token in again and retry; tell support if it happens again.',
  },
  'signing.contents-too-small': {
    exit: 70,
    vi: 'Chữ ký dài {needed} byte, lớn hơn chỗ dành sẵn {reserved} byte. Tệp gốc vẫn nguyên vẹn. Vui lòng ký lại với chỗ dành sẵn lớn hơn.',
    en: 'The signature takes {needed} bytes, more than the {reserved} reserved. The original is untouched. Please sign again with a larger reserve.',
  },
  'signing.input-changed': {
    exit: 75,
    vi: 'Tệp {path} thay đổi trong lúc ký nên việc ký đã dừng. Không có tệp nào được ghi ra. Vui lòng đợi tệp ổn định rồi ký lại.',
    en: 'The file {path} changed while it was being signed, so signing stopped. No output was written. Please wait until the file is settled and sign again.',
  },
  'signing.prefix-changed': {
    exit: 70,
    vi: 'Bản đã ký không trùng khớp từng byte với tệp gốc tại vị trí {offset} nên đã bị loại bỏ. Tệp gốc vẫn nguyên vẹn. Vui lòng kiểm tra ổ đĩa rồi ký lại.',
    en: 'The signed copy differs from the original at byte {offset} and was discarded. The original is untouched. Please check the disk and sign again.',
  },
  'signing.output-is-input': {
    exit: 64,
    vi: 'Tệp ký ra trùng với tệp gốc {path}. Tệp gốc không bao giờ bị ghi đè. Vui lòng chọn tên khác cho tệp ký ra.',
    en: 'The output is the original file {path} itself. The original is never overwritten. Please choose another name for the output.',
  },
  'signing.write-failed': {
    exit: 73,
    vi: 'Không ghi được tệp {path} ({reason}). Tệp gốc vẫn nguyên vẹn. Vui lòng kiểm tra dung lượng đĩa và quyền ghi rồi thử lại.',
    en: 'The file {path} could not be written ({reason}). The original is untouched. Please check disk space and permissions and try again.',
  },
  'signing.tsa-unavailable': {
    exit: 69,
    vi: 'Không kết nối được máy chủ cấp dấu thời gian ({reason}). Chữ ký vẫn được giữ; dấu thời gian sẽ được bổ sung sau khi có mạng.',
    en: 'The timestamp server cannot be reached ({reason}). The signature is kept; the timestamp is added once the server answers.',
  },
  'signing.tsa-refused': {
    exit: 69,
    vi: 'Máy chủ cấp dấu thời gian từ chối hoặc trả lời sai ({reason}). Chữ ký vẫn được giữ; vui lòng kiểm tra địa chỉ máy chủ dấu thời gian trong phần thiết lập.',
    en: 'The timestamp server refused or answered wrongly ({reason}). The signature is kept; please check the timestamp server address in the settings.',
  },
  'signing.no-such-page': {
    exit: 64,
    vi: 'Văn bản có {pages} trang, không có trang {page}. Chưa có gì được ký. Vui lòng chọn trang khác.',
    en: 'The document has {pages} pages, there is no page {page}. Nothing was signed. Please choose another page.',
  },
  'signing.outside-page': {
    exit: 64,
    vi: 'Vị trí ký nằm ngoài trang {page} ({width} × {height} mm). Chưa có gì được ký. Vui lòng chọn vị trí trong trang.',
    en: 'The place of the signature lies outside page {page} ({width} × {height} mm). Nothing was signed. Please choose a place on the page.',
  },
  'signing.overlaps-field': {
    exit: 64,
    vi: 'Vị trí ký đè lên trường «{field}» đã có trên trang. Chưa có gì được ký. Vui lòng chọn vị trí khác.',
    en: 'The place of the signature overlaps the field “{field}” already on the page. Nothing was signed. Please choose another place.',
  },
  'signing.stamp-on-signed': {
    exit: 2,
    vi: 'Văn bản đã có chữ ký số nên không đóng dấu ĐẾN lên tệp. Tệp gốc và chữ ký vẫn nguyên vẹn. Vui lòng ghi số đến trong sổ đăng ký.',
    en: 'The document bears a digital signature, so no arrival stamp is drawn on it. The original and its signature are untouched. Please keep the arrival number in the register.',
  },
  'signing.image-not-png': {
    exit: 64,
    vi: 'Hình ảnh chữ ký hoặc con dấu phải là tệp PNG. Chưa có gì được ký. Vui lòng lưu hình dưới dạng PNG nền trong suốt.',
    en: 'The picture of the signature or seal must be a PNG. Nothing was signed. Please save it as a PNG with a transparent background.',
  },
  'signing.image-too-large': {
    exit: 64,
    vi: 'Hình ảnh chữ ký hoặc con dấu quá lớn (tối đa {mb} MB và {pixels} điểm ảnh). Chưa có gì được ký. Vui lòng thu nhỏ hình.',
    en: 'The picture of the signature or seal is too large (at most {mb} MB and {pixels} pixels). Nothing was signed. Please make it smaller.',
  },
  'signing.image-unreadable': {
    exit: 64,
    vi: 'Không đọc được hình ảnh chữ ký hoặc con dấu. Chưa có gì được ký. Vui lòng lưu lại hình dưới dạng PNG.',
    en: 'The picture of the signature or seal cannot be read. Nothing was signed. Please save it as PNG again.',
  },
  'signing.image-empty': {
    exit: 64,
    vi: 'Hình ảnh chữ ký hoặc con dấu trống. Chưa có gì được ký. Vui lòng chọn hình khác.',
    en: 'The picture of the signature or seal is empty. Nothing was signed. Please choose another picture.',
  },
  'signing.image-white-removed': {
    exit: 64,
    vi: 'Hình không có nền trong suốt nên nền trắng đã được bỏ. Vui lòng kiểm tra lại hình trên bản đã ký.',
    en: 'The picture has no transparency, so its white background was taken out. Please look at it on the signed copy.',
  },
  'signing.image-not-blue': {
    exit: 64,
    vi: 'Hình ảnh chữ ký của người có thẩm quyền phải có màu xanh (Nghị định 30/2020). Vui lòng kiểm tra lại hình.',
    en: 'The picture of the leader’s signature should be blue (Decree 30/2020). Please check the picture.',
  },
  'signing.image-not-red': {
    exit: 64,
    vi: 'Hình ảnh con dấu của cơ quan phải có màu đỏ (Nghị định 30/2020). Vui lòng kiểm tra lại hình.',
    en: 'The picture of the agency’s seal should be red (Decree 30/2020). Please check the picture.',
  },
  'signing.place-shifted': {
    exit: 64,
    vi: 'Vị trí quy định đã có chữ hoặc nét mực nên chữ ký được dời sang chỗ trống gần đó ({dx} mm ngang, {dy} mm dọc). Vui lòng xem lại trên bản đã ký.',
    en: 'The prescribed place bears text or ink, so the signature was moved to a free spot ({dx} mm across, {dy} mm down). Please look at the signed copy.',
  },
  'signing.covers-ink': {
    exit: 64,
    vi: 'Chữ ký hiển thị ở trang {page} đè lên khoảng {mm2} mm² chữ hoặc nét mực. Vui lòng xem lại và chọn vị trí khác nếu che mất nội dung.',
    en: 'The visible signature on page {page} lies over about {mm2} mm² of text or ink. Please look at it and choose another place if it hides content.',
  },
  'signing.place-not-checked': {
    exit: 64,
    vi: 'Chưa kiểm tra được vị trí chữ ký hiển thị có đè lên nội dung hay không. Vui lòng xem lại trên bản đã ký.',
    en: 'It was not checked whether the visible signature covers content. Please look at the signed copy.',
  },
  'signing.place-guessed': {
    exit: 64,
    vi: 'Không tìm thấy chức vụ và họ tên người ký trên trang {page} nên chữ ký được đặt ở vị trí thường gặp. Vui lòng xem lại trên bản đã ký.',
    en: 'Title and name of the signer were not found on page {page}, so the signature stands at the usual place. Please look at the signed copy.',
  },
  'signing.place-tight': {
    exit: 64,
    vi: 'Khoảng trống giữa chức vụ và họ tên chỉ cao {mm} mm nên hình chữ ký bị thu nhỏ. Vui lòng xem lại trên bản đã ký.',
    en: 'The space between title and name is only {mm} mm high, so the signature picture is small. Please look at the signed copy.',
  },
  'signing.signer-name-not-found': {
    exit: 64,
    vi: 'Không tìm thấy họ tên «{name}» trên trang {page}; đã dùng họ tên in ở chỗ ký «{found}». Vui lòng kiểm tra có đúng người ký.',
    en: 'The name “{name}” was not found on page {page}; the printed name “{found}” was used. Please check that this is the signer.',
  },
  'signing.no-leader-signature': {
    exit: 64,
    vi: 'Chưa thấy chữ ký số có hình của người có thẩm quyền trên trang {page}; con dấu của cơ quan chỉ được đóng sau khi người có thẩm quyền đã ký. Vui lòng kiểm tra lại.',
    en: 'No pictured signature of the authorised person was found on page {page}; the agency seals only after that person has signed. Please check.',
  },
  'signing.revocation-unavailable': {
    exit: 69,
    vi: 'Chưa lấy được trạng thái thu hồi của chứng thư ({reason}). Chữ ký vẫn được giữ; dữ liệu kiểm tra dài hạn sẽ được bổ sung sau khi có mạng.',
    en: 'The revocation state of a certificate cannot be had ({reason}). The signature is kept; the long-term validation data is added once the service answers.',
  },
  'signing.chain-untrusted': {
    exit: 69,
    vi: 'Chứng thư không nối được tới gốc tin cậy ({reason}) nên chưa bổ sung được dữ liệu kiểm tra dài hạn. Chữ ký vẫn được giữ; vui lòng nhập chứng thư gốc và chứng thư của cơ quan cấp.',
    en: 'No chain leads from a certificate to a trust anchor ({reason}), so no long-term validation data was added. The signature is kept; please import the root and the issuing certificate.',
  },
  'signing.certificate-revoked': {
    exit: 2,
    vi: 'Chứng thư của người ký đã bị thu hồi từ {at} nên không ký. Tệp gốc vẫn nguyên vẹn và thiết bị ký chưa được dùng. Vui lòng dùng chứng thư khác hoặc liên hệ cơ quan cấp.',
    en: 'The signer’s certificate was revoked at {at}, so nothing was signed. The original is untouched and the token was not asked. Please use another certificate or contact the issuer.',
  },
  'signing.revocation-not-asked': {
    exit: 69,
    vi: 'Chưa hỏi được chứng thư của người ký có bị thu hồi hay không ({reason}) nên vẫn ký ở mức đã chọn, không phải chờ. Hãy kiểm tra lại chữ ký khi có mạng; hồ sơ trong sổ được phần mềm tự kiểm tra lại.',
    en: 'Nobody could say whether the signer’s certificate is revoked ({reason}), so the file is signed at the level asked for all the same, without waiting. Verify it again when there is a network; documents of the register are looked at again by themselves.',
  },
  'signing.nothing-to-extend': {
    exit: 2,
    vi: 'Tệp PDF không có chữ ký số nào để nâng mức. Tệp gốc vẫn nguyên vẹn. Vui lòng ký trước rồi mới bổ sung dấu thời gian và dữ liệu kiểm tra.',
    en: 'The PDF carries no signature that could be extended. The original is untouched. Please sign it before adding timestamps and validation data.',
  },
  'signing.not-permitted': {
    exit: 77,
    vi: 'Chủ tệp PDF không cho phép thêm chữ ký bằng mật khẩu này. Tệp gốc vẫn nguyên vẹn. Vui lòng dùng mật khẩu của chủ tệp hoặc xin bản không hạn chế quyền.',
    en: 'The owner of the PDF does not allow signatures to be added with this password. The original is untouched. Please use the owner password or ask for an unrestricted copy.',
  },
  'signing.seed-value': {
    exit: 2,
    vi: 'Trường chữ ký đặt điều kiện ({entry}) mà chữ ký này không đáp ứng nên không ký. Tệp gốc vẫn nguyên vẹn. Vui lòng chọn lựa chọn phù hợp hoặc ký vào trường khác.',
    en: 'The signature field sets a condition ({entry}) that this signature does not meet, so nothing was signed. The original is untouched. Please choose fitting options or another field.',
  },
  'signing.field-locked': {
    exit: 2,
    vi: 'Người ký trước đã khóa trường «{field}» nên không thay đổi được. Tệp gốc và chữ ký trước vẫn nguyên vẹn. Vui lòng ký vào trường khác.',
    en: 'An earlier signer locked the field “{field}”, so it cannot be changed. The original and its signatures are untouched. Please use another field.',
  },
  'signing.certify-not-first': {
    exit: 2,
    vi: 'Chỉ chữ ký đầu tiên mới chứng thực được văn bản, mà tệp này đã có chữ ký. Tệp gốc vẫn nguyên vẹn. Vui lòng ký thường (không chứng thực).',
    en: 'Only the first signature can certify a document, and this file already carries one. The original is untouched. Please sign without certification.',
  },
  'signing.fields-after-signature': {
    exit: 2,
    vi: 'Tệp đã có chữ ký số nên không thêm ô số, ngày được nữa. Tệp gốc và chữ ký vẫn nguyên vẹn. Vui lòng chuẩn bị ô số, ngày trước khi người có thẩm quyền ký.',
    en: 'The file is already signed, so no fields for number and date can be added. The original and its signatures are untouched. Please prepare the fields before the leader signs.',
  },
  'signing.no-such-field': {
    exit: 64,
    vi: 'Tệp PDF không có ô nhập tên «{field}». Tệp gốc vẫn nguyên vẹn. Vui lòng kiểm tra lại tên ô.',
    en: 'The PDF has no field named “{field}”. The original is untouched. Please check the name.',
  },
  'signing.field-wants-timestamp': {
    exit: 64,
    vi: 'Trường chữ ký này yêu cầu chữ ký có dấu thời gian; vui lòng ký ở mức B-T trở lên.',
    en: 'This signature field asks for a signature with a timestamp; please sign at level B-T or above.',
  },
  'signing.certified-new-visible-field': {
    exit: 64,
    vi: 'Văn bản đã được chứng thực bởi người ký trước; một số phần mềm kiểm tra chặt có thể lưu ý về khối chữ ký hiển thị mới.',
    en: 'An earlier signer certified the document; some strict verifiers may remark on the new visible signature.',
  },
  'signing.field-not-fillable': {
    exit: 2,
    vi: 'Ô «{field}» không điền được ({reason}). Tệp gốc và chữ ký vẫn nguyên vẹn. Vui lòng dùng mẫu có ô số, ngày được chuẩn bị sẵn.',
    en: 'The field “{field}” cannot be filled in ({reason}). The original and its signatures are untouched. Please use a template with prepared fields.',
  },
  'signing.value-too-long': {
    exit: 64,
    vi: 'Nội dung «{value}» dài hơn ô nhập. Tệp gốc và chữ ký vẫn nguyên vẹn. Vui lòng rút gọn.',
    en: 'The value “{value}” does not fit its field. The original and its signatures are untouched. Please shorten it.',
  },
  'signing.certificate-expired': {
    exit: 2,
    vi: 'Chứng thư của người ký đã hết hạn từ {until} nên không ký. Tệp gốc vẫn nguyên vẹn và thiết bị ký chưa ký gì. Vui lòng gia hạn hoặc dùng chứng thư khác; nếu chứng thư còn hạn, hãy kiểm tra đồng hồ máy.',
    en: 'The signer’s certificate ended at {until}, so nothing was signed. The original is untouched and the token signed nothing. Please renew it or use another certificate; if it is still valid, check the computer’s clock.',
  },
  'signing.certificate-not-yet-valid': {
    exit: 2,
    vi: 'Chứng thư của người ký chỉ có hiệu lực từ {from} nên chưa ký được. Tệp gốc vẫn nguyên vẹn và thiết bị ký chưa ký gì. Vui lòng kiểm tra đồng hồ máy hoặc đợi đến ngày hiệu lực.',
    en: 'The signer’s certificate is valid only from {from}, so nothing was signed. The original is untouched and the token signed nothing. Please check the computer’s clock or wait for that day.',
  },
  'signing.clock-off': {
    exit: 75,
    vi: 'Đồng hồ máy tính lệch {minutes} phút so với máy chủ dấu thời gian ({ours} so với {theirs}) nên chưa ký. Tệp gốc vẫn nguyên vẹn và thiết bị ký chưa ký gì. Vui lòng chỉnh lại ngày giờ của máy rồi ký lại.',
    en: 'The computer’s clock is {minutes} minutes off that of the timestamp server ({ours} against {theirs}), so nothing was signed. The original is untouched and the token signed nothing. Please set the date and time right and sign again.',
  },
  'signing.certificate-unfit': {
    exit: 2,
    vi: 'Chứng thư này không được cấp để ký văn bản ({reason}) nên không ký. Tệp gốc vẫn nguyên vẹn và thiết bị ký chưa ký gì. Vui lòng chọn chứng thư ký số khác trên thiết bị.',
    en: 'This certificate is not meant for signing documents ({reason}), so nothing was signed. The original is untouched and the token signed nothing. Please choose another certificate on the token.',
  },
});
