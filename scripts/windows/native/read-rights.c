// Reads a security descriptor's text (SDDL) as Windows Installer does and writes who may do what: one line "SID MASK FLAGS" in hex
// for each entry that allows, after a line "protected" when nothing is inherited. For the check of the MSI under Wine.
#include <windows.h>
#include <sddl.h>
#include <stdio.h>

int main(int count, char **arguments) {
  PSECURITY_DESCRIPTOR descriptor;
  SECURITY_DESCRIPTOR_CONTROL control;
  DWORD revision;
  BOOL present, defaulted;
  ACL *list;
  if (count != 2 || !ConvertStringSecurityDescriptorToSecurityDescriptorA(arguments[1], SDDL_REVISION_1, &descriptor, NULL)) {
    fprintf(stderr, "no security descriptor (%lu)\n", GetLastError());
    return 1;
  }
  if (!GetSecurityDescriptorControl(descriptor, &control, &revision) ||
      !GetSecurityDescriptorDacl(descriptor, &present, &list, &defaulted) || !present || list == NULL)
    return 1;
  if (control & SE_DACL_PROTECTED) puts("protected");
  for (DWORD i = 0; i < list->AceCount; i++) {
    ACCESS_ALLOWED_ACE *entry;
    char *sid;
    if (!GetAce(list, i, (void **)&entry) || entry->Header.AceType != ACCESS_ALLOWED_ACE_TYPE) return 1;
    if (!ConvertSidToStringSidA(&entry->SidStart, &sid)) return 1;
    printf("%s %lx %x\n", sid, entry->Mask, entry->Header.AceFlags);
  }
  return 0;
}
