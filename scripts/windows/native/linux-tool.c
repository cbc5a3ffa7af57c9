// Stands in the PATH of the Windows tests under the name of a program of the Linux side (openssl.exe, qpdf.exe …).
// It sends its name, folder, arguments and standard input to the runner of the tests (scripts/windows/tool-server.mjs)
// and answers with what the real program wrote and how it ended. For Wine only; it is in no package.
#include <winsock2.h>
#include <windows.h>
#include <shellapi.h>
#include <stdio.h>
#include <stdlib.h>

static SOCKET line;

static void give_up(const char *what) {
  fprintf(stderr, "linux-tool: %s failed (%d)\n", what, WSAGetLastError());
  ExitProcess(127);
}

static void send_all(const void *data, int length) {
  const char *at = data;
  while (length > 0) {
    int sent = send(line, at, length, 0);
    if (sent <= 0) give_up("send");
    at += sent;
    length -= sent;
  }
}

static void send_block(const void *data, unsigned length) {
  send_all(&length, sizeof length);
  send_all(data, (int)length);
}

static void send_text(const wchar_t *text) {
  int length = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
  char *utf8 = malloc((size_t)length);
  WideCharToMultiByte(CP_UTF8, 0, text, -1, utf8, length, NULL, NULL);
  send_block(utf8, (unsigned)length - 1);
  free(utf8);
}

static void receive(void *data, int length) {
  char *at = data;
  while (length > 0) {
    int got = recv(line, at, length, 0);
    if (got <= 0) give_up("recv");
    at += got;
    length -= got;
  }
}

static void write_all(HANDLE to, const char *data, DWORD length) {
  DWORD written;
  while (length > 0 && WriteFile(to, data, length, &written, NULL) && written > 0) {
    data += written;
    length -= written;
  }
}

/* A file or pipe is sent to its end; a terminal or nothing at all counts as empty. */
static DWORD WINAPI forward_input(LPVOID unused) {
  HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
  DWORD kind = GetFileType(input);
  static char block[65536];
  DWORD got;
  (void)unused;
  if (kind == FILE_TYPE_PIPE || kind == FILE_TYPE_DISK)
    while (ReadFile(input, block, sizeof block, &got, NULL) && got > 0) send_block(block, got);
  send_block(block, 0);
  return 0;
}

int main(void) {
  WSADATA data;
  struct sockaddr_in address = {0};
  wchar_t path[32768];
  const char *port = getenv("AN_THU_TOOLS_PORT");
  if (port == NULL) give_up("AN_THU_TOOLS_PORT");
  if (WSAStartup(MAKEWORD(2, 2), &data) != 0) give_up("WSAStartup");
  address.sin_family = AF_INET;
  address.sin_port = htons((unsigned short)atoi(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  /* Wine's sockets refuse once in some thousand times. */
  for (int tries = 0;; tries++) {
    line = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(line, (struct sockaddr *)&address, sizeof address) == 0) break;
    closesocket(line);
    if (tries == 4) give_up("connect");
    Sleep(100);
  }

  int count;
  wchar_t **arguments = CommandLineToArgvW(GetCommandLineW(), &count);
  GetModuleFileNameW(NULL, path, 32768);
  send_text(path);
  GetCurrentDirectoryW(32768, path);
  send_text(path);
  unsigned rest = (unsigned)count - 1;
  send_all(&rest, sizeof rest);
  for (int i = 1; i < count; i++) send_text(arguments[i]);

  // Beside the answer: a parent may keep our input open and never write, as Node's execFile does.
  CreateThread(NULL, 0, forward_input, NULL, 0, NULL);

  for (;;) {
    struct { int kind; unsigned length; } head;
    receive(&head, sizeof head);
    if (head.kind == 0) ExitProcess(head.length);
    char *words = malloc(head.length);
    receive(words, (int)head.length);
    write_all(GetStdHandle(head.kind == 2 ? STD_ERROR_HANDLE : STD_OUTPUT_HANDLE), words, head.length);
    free(words);
  }
}
