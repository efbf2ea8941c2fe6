/* Starts the agent without a console window, bounded: rasoat-agent.exe ARGUMENTS…
 *
 * It runs python\python.exe beside it with the agent's own code, at low priority, inside a job
 * object: 256 MiB of memory, at most 8 processes, and all of them end when this one does. Its exit
 * code is the agent's. Everything that it starts lies in its own folder; nothing is searched for.
 * Win32: "Job Objects", "Creating Processes".
 */
#define WIN32_LEAN_AND_MEAN
#define _WIN32_WINNT 0x0601
#include <windows.h>

#define LONGEST 32768
static WCHAR folder[LONGEST], command[LONGEST], program[LONGEST];

static int fits(const WCHAR *a, const WCHAR *b)
{
    return lstrlenW(a) + lstrlenW(b) < LONGEST;
}

static int append(WCHAR *to, const WCHAR *what)
{
    if (!fits(to, what))
        return 0;
    lstrcatW(to, what);
    return 1;
}

/* What follows the program's own name on the command line, as it was written. */
static const WCHAR *arguments(void)
{
    const WCHAR *at = GetCommandLineW();
    int quoted = 0;
    for (; *at && (quoted || (*at != L' ' && *at != L'\t')); at++)
        if (*at == L'"')
            quoted = !quoted;
    return at;
}

static int compose(void)
{
    DWORD length = GetModuleFileNameW(NULL, folder, LONGEST);
    if (length == 0 || length >= LONGEST)
        return 0;
    while (length > 0 && folder[length - 1] != L'\\')
        length--;
    folder[length] = 0;
    return append(program, folder) && append(program, L"python\\python.exe")
        && append(command, L"\"") && append(command, program)
        && append(command, L"\" -I -B \"") && append(command, folder)
        && append(command, L"app\\agents\\__main__.py\"") && append(command, arguments());
}

/* A job that bounds what is put into it; NULL where this Windows refuses, and then nothing runs. */
static HANDLE bounded(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits;
    HANDLE job = CreateJobObjectW(NULL, NULL);
    if (job == NULL)
        return NULL;
    ZeroMemory(&limits, sizeof limits);
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
        | JOB_OBJECT_LIMIT_JOB_MEMORY | JOB_OBJECT_LIMIT_ACTIVE_PROCESS
        | JOB_OBJECT_LIMIT_PRIORITY_CLASS;
    limits.BasicLimitInformation.ActiveProcessLimit = 8;
    limits.BasicLimitInformation.PriorityClass = IDLE_PRIORITY_CLASS;
    limits.JobMemoryLimit = (SIZE_T)256 << 20;
    if (!SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits)) {
        CloseHandle(job);
        return NULL;
    }
    return job;
}

void start(void)
{
    STARTUPINFOW how;
    PROCESS_INFORMATION child;
    DWORD code = 3; /* could not be carried out */
    HANDLE job;

    if (!compose() || (job = bounded()) == NULL)
        ExitProcess(code);
    ZeroMemory(&how, sizeof how);
    how.cb = sizeof how;
    how.dwFlags = STARTF_USESTDHANDLES; /* a scheduled task has none; a person may have sent them on */
    how.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
    how.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    how.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    if (!CreateProcessW(program, command, NULL, NULL, TRUE,
                        CREATE_NO_WINDOW | CREATE_SUSPENDED, NULL, folder, &how, &child))
        ExitProcess(code);
    /* Before Windows 8 a process that is in a job already, as a scheduled task may be, cannot join
     * another: it then has its priority, and the agent's own limits. */
    if (!AssignProcessToJobObject(job, child.hProcess))
        SetPriorityClass(child.hProcess, IDLE_PRIORITY_CLASS);
    ResumeThread(child.hThread);
    WaitForSingleObject(child.hProcess, INFINITE);
    GetExitCodeProcess(child.hProcess, &code);
    ExitProcess(code);
}
