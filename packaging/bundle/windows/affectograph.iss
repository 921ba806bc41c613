; Inno Setup 6: the installer for Windows, for one user, without administrator's rights. Untried.
[Setup]
AppId={{6E1B3B6C-6B3B-4C5E-9C2C-0B766CAFFEC7}
AppName=Affectograph
AppVersion=0.1.0
DefaultDirName={autopf}\Affectograph
DefaultGroupName=Affectograph
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
SourceDir=..\..\..
OutputDir=dist
OutputBaseFilename=affectograph-setup
Compression=lzma2
SolidCompression=yes
ChangesAssociations=yes
LicenseFile=LICENSE
UninstallDisplayIcon={app}\affectograph.exe

[Files]
Source: "dist\affectograph\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\Affectograph"; Filename: "{app}\affectograph.exe"
Name: "{group}\Affectograph demo"; Filename: "{app}\affectograph.exe"; Parameters: "demo"

[Registry]
Root: HKA; Subkey: "Software\Classes\.affectograph"; ValueType: string; ValueData: "Affectograph.Project"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\Affectograph.Project"; ValueType: string; ValueData: "Affectograph project"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Affectograph.Project\shell\open\command"; ValueType: string; ValueData: """{app}\affectograph.exe"" open ""%1"""
