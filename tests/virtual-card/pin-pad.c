/*
 * A reader with a PIN pad, as OpenSC sees one through the smart card service's library: this stands before that library, says that the
 * reader takes PINs by itself (PC/SC part 10, FEATURE_VERIFY_PIN_DIRECT), and sends to the card what "somebody typed": the first
 * line of the file that PIN_PAD_FILE names, or cancelled there (`cancel`), or nothing typed in time (`late`). Every other function is
 * the library's own, for this one is linked with it. No header of the library is needed.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  unsigned long protocol;
  unsigned long length;
} io_request;

extern const io_request g_rgSCardT0Pci, g_rgSCardT1Pci;
long SCardTransmit(long card, const io_request *send_pci, const uint8_t *sent, unsigned long sent_length,
                   io_request *receive_pci, uint8_t *received, unsigned long *received_length);

enum { SUCCESS = 0, UNSUPPORTED = 0x80100022, PROTOCOL_MISMATCH = 0x8010000F };
enum { GET_FEATURES = 0x42000000 + 3400, VERIFY_DIRECT = 0x42330006 };
/* Of the structure before the card's command: nineteen bytes, the last four of them the command's length. */
enum { HEAD = 19, COMMAND_HEAD = 5 };

static long answer(const uint8_t *bytes, size_t length, uint8_t *out, unsigned long room, unsigned long *used) {
  if (room < length) return UNSUPPORTED;
  memcpy(out, bytes, length);
  *used = length;
  return SUCCESS;
}

static long verify(long card, const uint8_t *in, unsigned long length, uint8_t *out, unsigned long room,
                   unsigned long *used) {
  char typed[64] = "";
  const char *path = getenv("PIN_PAD_FILE");
  FILE *file = path ? fopen(path, "r") : NULL;
  if (file) {
    if (!fgets(typed, sizeof typed, file)) typed[0] = 0;
    fclose(file);
  }
  typed[strcspn(typed, "\r\n")] = 0;
  if (strcmp(typed, "cancel") == 0) return answer((const uint8_t[]){0x64, 0x01}, 2, out, room, used);
  if (strcmp(typed, "late") == 0) return answer((const uint8_t[]){0x64, 0x00}, 2, out, room, used);
  uint8_t command[64];
  if (length <= HEAD + COMMAND_HEAD || length - HEAD > sizeof command) return UNSUPPORTED;
  unsigned long command_length = length - HEAD;
  memcpy(command, in + HEAD, command_length);
  size_t digits = strlen(typed);
  if (digits > command_length - COMMAND_HEAD) return UNSUPPORTED;
  memcpy(command + COMMAND_HEAD, typed, digits);
  uint8_t received[258];
  unsigned long received_length = sizeof received;
  const io_request *protocols[] = {&g_rgSCardT1Pci, &g_rgSCardT0Pci};
  long result = (long)PROTOCOL_MISMATCH;
  /* Refused before anything is sent when it is the other protocol that the card speaks. */
  for (int i = 0; i < 2 && result == (long)PROTOCOL_MISMATCH; i++)
    result = SCardTransmit(card, protocols[i], command, command_length, NULL, received, &received_length);
  if (result != SUCCESS || received_length < 2) return result != SUCCESS ? result : UNSUPPORTED;
  return answer(received + received_length - 2, 2, out, room, used);
}

long SCardControl(long card, unsigned long code, const void *in, unsigned long in_length, void *out,
                  unsigned long room, unsigned long *used) {
  static const uint8_t features[] = {0x06, 4, 0x42, 0x33, 0x00, 0x06};
  *used = 0;
  if (code == GET_FEATURES) return answer(features, sizeof features, out, room, used);
  if (code == VERIFY_DIRECT) return verify(card, in, in_length, out, room, used);
  return UNSUPPORTED;
}
