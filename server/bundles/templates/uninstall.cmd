@echo off
rem Removes the agent of Ra Soat from this PC. With /purge its key and waiting reports go too.
setlocal EnableExtensions DisableDelayedExpansion
set "HOME=%ProgramFiles%\Rasoat Agent"
"%SystemRoot%\System32\fltmc.exe" >nul 2>&1
if errorlevel 1 (
  echo Not an administrator: right-click uninstall.cmd and choose "Run as administrator".
  exit /b 3
)
if not exist "%HOME%\python\python.exe" (
  echo There is no agent in "%HOME%".
  exit /b 0
)
set "PURGE="
if /i "%~1"=="/purge" set "PURGE=--purge"
"%HOME%\python\python.exe" -I -B "%HOME%\app\agents\__main__.py" uninstall %PURGE%
if errorlevel 1 exit /b %errorlevel%
cd /d "%SystemRoot%"
rem One block, read as a whole: this file may be among those that are deleted.
(
  rmdir /s /q "%HOME%"
  echo Removed.
  exit /b 0
)
