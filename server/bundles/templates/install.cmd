@echo off
rem Installs the agent of Ra Soat on this PC: copies it below Program Files, enrols it, schedules it.
rem Run as administrator, from a USB stick or a share. It needs no internet.
setlocal EnableExtensions DisableDelayedExpansion
set "HERE=%~dp0"
set "HOME=%ProgramFiles%\Rasoat Agent"
"%SystemRoot%\System32\fltmc.exe" >nul 2>&1
if errorlevel 1 (
  echo Not an administrator: right-click install.cmd and choose "Run as administrator".
  exit /b 3
)
if not exist "%HERE%python\python.exe" (
  echo %HERE%python\python.exe is missing: copy the whole folder, not install.cmd alone.
  exit /b 2
)
if exist "%HOME%\python\python.exe" "%HOME%\python\python.exe" -I -B "%HOME%\app\agents\__main__.py" uninstall >nul 2>&1
for %%F in (python packages app) do (
  if exist "%HOME%\%%F" rmdir /s /q "%HOME%\%%F"
  "%SystemRoot%\System32\xcopy.exe" "%HERE%%%F" "%HOME%\%%F\" /e /i /q /y /k >nul
  if errorlevel 1 (
    echo Copying %%F to "%HOME%" failed.
    exit /b 3
  )
)
for %%F in ($files) do copy /y "%HERE%%%F" "%HOME%\%%F" >nul || exit /b 3
"%HOME%\python\python.exe" -I -B "%HOME%\app\agents\__main__.py" install$options --enrol "%HERE%$enrolment"
exit /b %errorlevel%
