# Build the program and its installer on Windows. Written after the documentation of PyInstaller and Inno Setup, and
# untried. Needs Python 3.11 or newer and Inno Setup 6 (https://jrsoftware.org/isinfo.php).
$ErrorActionPreference = "Stop"
Set-Location (Join-Path $PSScriptRoot "..\..\..")
$flavour = if ($env:FLAVOUR) { $env:FLAVOUR } else { "plain" }
$venv = "build\bundle-venv-$flavour"
New-Item -ItemType Directory -Force build, dist | Out-Null
python packaging\bundle\requirements.py $flavour | Out-File -Encoding ascii "build\bundle-requirements.txt"
if (-not (Test-Path "$venv\Scripts\python.exe")) { python -m venv $venv }
$python = "$venv\Scripts\python.exe"
& $python -m pip install --quiet -c packaging\bundle\constraints.txt -c packaging\constraints.txt -r build\bundle-requirements.txt pyinstaller
& $python -m pip install --quiet --no-deps --force-reinstall .
# The icon of the program in the formats of Windows, drawn from the one that Linux uses.
& $python packaging\bundle\windows\icon.py packaging\bundle\windows\affectograph.ico
$env:FLAVOUR = $flavour
& $python -m PyInstaller --noconfirm --distpath dist --workpath build\work packaging\bundle\affectograph.spec
& $python packaging\notices.py dist\affectograph
if ($LASTEXITCODE -ne 0) { throw "The notices are not complete." }
dist\affectograph\affectograph.exe selftest
if ($LASTEXITCODE -ne 0) { throw "The self-test failed." }
& "${env:ProgramFiles(x86)}\Inno Setup 6\ISCC.exe" packaging\bundle\windows\affectograph.iss
