<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context>
    <name></name>
    <message>
        <source>Folder</source>
        <translation type="unfinished">Ordner</translation>
    </message>
    <message>
        <source>{name} already exists.</source>
        <translation type="unfinished">{name} gibt es schon.</translation>
    </message>
    <message>
        <source>Replace it? Its present contents will be lost.
Folder: {parent}</source>
        <translation type="unfinished">Ersetzen? Der jetzige Inhalt geht verloren.
Ordner: {parent}</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation type="unfinished">Ersetzen</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation type="unfinished">Behalten</translation>
    </message>
    <message>
        <source>It is not replaced. Choose another name.</source>
        <translation type="unfinished">Es wird nicht ersetzt. Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>No project is open.</source>
        <translation type="unfinished">Kein Projekt ist geöffnet.</translation>
    </message>
    <message>
        <source>Open or make one first (File).</source>
        <translation type="unfinished">Öffnen oder erstellen Sie zuerst eines (Datei).</translation>
    </message>
    <message>
        <source>Copying</source>
        <translation type="unfinished">Kopieren</translation>
    </message>
    <message>
        <source>Copied {rows} of “{title}”.</source>
        <translation type="unfinished">{rows} von „{title}“ kopiert.</translation>
    </message>
    <message>
        <source>row</source>
        <translation type="unfinished">Zeile</translation>
    </message>
    <message>
        <source>rows</source>
        <translation type="unfinished">Zeilen</translation>
    </message>
    <message>
        <source>Copying the table</source>
        <translation type="unfinished">Tabelle wird kopiert</translation>
    </message>
    <message>
        <source>Copied the figure “{title}”.</source>
        <translation type="unfinished">Abbildung „{title}“ kopiert.</translation>
    </message>
    <message>
        <source>Drawing the figure</source>
        <translation type="unfinished">Abbildung wird gezeichnet</translation>
    </message>
    <message>
        <source>Exporting the table</source>
        <translation type="unfinished">Tabelle wird exportiert</translation>
    </message>
    <message>
        <source>Exporting the figure</source>
        <translation type="unfinished">Abbildung wird exportiert</translation>
    </message>
    <message>
        <source>Saved {name}.</source>
        <translation type="unfinished">{name} gespeichert.</translation>
    </message>
    <message>
        <source>Export {title}</source>
        <translation type="unfinished">{title} exportieren</translation>
    </message>
    <message>
        <source>{left_s} left</source>
        <translation type="unfinished">noch {left_s}</translation>
    </message>
    <message>
        <source>{path}: {before} → {st_size} bytes
</source>
        <translation type="unfinished">{path}: {before} → {st_size} Bytes
</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation type="unfinished">nicht angegeben</translation>
    </message>
    <message>
        <source>An archive is one folder in the layouts Psych-DS and behavioural BIDS: labels with their data dictionary, studies, tables of agreement, methods, model cards, a script for R, and the hash of every file. Consent for archives is kept to.</source>
        <translation type="unfinished">Ein Archiv ist ein Ordner nach den Vorgaben von Psych-DS und BIDS für Verhaltensdaten: Labels mit ihrem Datenwörterbuch, Studien, Tabellen der Übereinstimmung, Methoden, Modellkarten, ein R-Skript und der Hash jeder Datei. Die Einwilligung für Archive wird beachtet.</translation>
    </message>
    <message>
        <source>Compares every file with its hash and computes every table again; no project is needed.</source>
        <translation type="unfinished">Vergleicht jede Datei mit ihrem Hash und berechnet jede Tabelle neu; ein Projekt ist dafür nicht nötig.</translation>
    </message>
    <message>
        <source>Archive for others</source>
        <translation type="unfinished">Archiv für andere</translation>
    </message>
    <message>
        <source>A few sentences on the study</source>
        <translation type="unfinished">Einige Sätze zur Studie</translation>
    </message>
    <message>
        <source>A. Author; B. Author</source>
        <translation type="unfinished">A. Autorin; B. Autor</translation>
    </message>
    <message>
        <source>Licence of the data</source>
        <translation type="unfinished">Lizenz der Daten</translation>
    </message>
    <message>
        <source>Copy the files of the clips, too</source>
        <translation type="unfinished">Auch die Dateien der Clips kopieren</translation>
    </message>
    <message>
        <source>Other names for raters, subjects, clips and items</source>
        <translation type="unfinished">Andere Namen für Beurteiler, Personen, Clips und Items</translation>
    </message>
    <message>
        <source>Not together with other names, which do not hide faces</source>
        <translation type="unfinished">Nicht zusammen mit anderen Namen, denn diese verbergen keine Gesichter</translation>
    </message>
    <message>
        <source>Names of this archive only, which lead nowhere</source>
        <translation type="unfinished">Namen nur für dieses Archiv, die sich nicht zurückverfolgen lassen</translation>
    </message>
    <message>
        <source>Title</source>
        <translation type="unfinished">Titel</translation>
    </message>
    <message>
        <source>Description</source>
        <translation type="unfinished">Beschreibung</translation>
    </message>
    <message>
        <source>Authors</source>
        <translation type="unfinished">Autoren</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation type="unfinished">Lizenz</translation>
    </message>
    <message>
        <source>Seed of the tables</source>
        <translation type="unfinished">Startwert der Tabellen</translation>
    </message>
    <message>
        <source>Make archive…</source>
        <translation type="unfinished">Archiv erstellen…</translation>
    </message>
    <message>
        <source>Asks for the folder in which the archive is made</source>
        <translation type="unfinished">Fragt nach dem Ordner, in dem das Archiv erstellt wird</translation>
    </message>
    <message>
        <source>Check an archive…</source>
        <translation type="unfinished">Archiv prüfen…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished">Schließen</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation type="unfinished">Ergebnis</translation>
    </message>
    <message>
        <source>Labels of {title}.</source>
        <translation type="unfinished">Labels von {title}.</translation>
    </message>
    <message>
        <source>Folder in which the archive is made</source>
        <translation type="unfinished">Ordner, in dem das Archiv erstellt wird</translation>
    </message>
    <message>
        <source>Making the archive …</source>
        <translation type="unfinished">Archiv wird erstellt …</translation>
    </message>
    <message>
        <source>Making the archive</source>
        <translation type="unfinished">Archiv wird erstellt</translation>
    </message>
    <message>
        <source>The archive {name} is made.</source>
        <translation type="unfinished">Das Archiv {name} ist erstellt.</translation>
    </message>
    <message>
        <source>Archive to check</source>
        <translation type="unfinished">Zu prüfendes Archiv</translation>
    </message>
    <message>
        <source>Checking the archive …</source>
        <translation type="unfinished">Archiv wird geprüft …</translation>
    </message>
    <message>
        <source>Checking the archive</source>
        <translation type="unfinished">Archiv wird geprüft</translation>
    </message>
    <message>
        <source>Everything is as it was written, and every table comes out again.</source>
        <translation type="unfinished">Alles ist so, wie es geschrieben wurde, und jede Tabelle kommt wieder heraus.</translation>
    </message>
    <message>
        <source>Not everything is as it was written:</source>
        <translation type="unfinished">Nicht alles ist so, wie es geschrieben wurde:</translation>
    </message>
    <message>
        <source>{name}: is not as it was written</source>
        <translation type="unfinished">{name}: ist nicht so, wie es geschrieben wurde</translation>
    </message>
    <message>
        <source>label {label}</source>
        <translation type="unfinished">Label {label}</translation>
    </message>
    <message>
        <source>, {lost} for other words</source>
        <translation type="unfinished">, {lost} mit anderen Wörtern</translation>
    </message>
    <message>
        <source>Category</source>
        <translation type="unfinished">Kategorie</translation>
    </message>
    <message>
        <source>Category: {title}</source>
        <translation type="unfinished">Kategorie: {title}</translation>
    </message>
    <message>
        <source>Analysing</source>
        <translation type="unfinished">Analyse von</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation type="unfinished">Messung von</translation>
    </message>
    <message>
        <source>There is no clip to {verb}.</source>
        <translation type="unfinished">Es gibt keinen Clip dafür ({verb}).</translation>
    </message>
    <message>
        <source>Add clips, or find the missing ones.</source>
        <translation type="unfinished">Fügen Sie Clips hinzu oder suchen Sie die fehlenden.</translation>
    </message>
    <message>
        <source>{doing} {present} clips</source>
        <translation type="unfinished">{doing} {present} Clips</translation>
    </message>
    <message>
        <source>({problems} more like this.)</source>
        <translation type="unfinished">({problems} weitere dieser Art.)</translation>
    </message>
    <message>
        <source>Clip</source>
        <translation type="unfinished">Clip</translation>
    </message>
    <message>
        <source>No clip chosen</source>
        <translation type="unfinished">Kein Clip gewählt</translation>
    </message>
    <message>
        <source>1 trace</source>
        <translation type="unfinished">1 Verlauf</translation>
    </message>
    <message>
        <source>{traces} traces</source>
        <translation type="unfinished">{traces} Verläufe</translation>
    </message>
    <message>
        <source>, {average_rate} frames/s</source>
        <translation type="unfinished">, {average_rate} Bilder/s</translation>
    </message>
    <message>
        <source>The file is not where it was. Use File → Find missing clip….</source>
        <translation type="unfinished">Die Datei ist nicht mehr an ihrem Ort. Verwenden Sie Datei → Fehlenden Clip suchen….</translation>
    </message>
    <message>
        <source>Predictions are stored.</source>
        <translation type="unfinished">Vorhersagen sind gespeichert.</translation>
    </message>
    <message>
        <source>Not analysed yet.</source>
        <translation type="unfinished">Noch nicht analysiert.</translation>
    </message>
    <message>
        <source>Clips</source>
        <translation type="unfinished">Clips</translation>
    </message>
    <message>
        <source>Clips of the project</source>
        <translation type="unfinished">Clips des Projekts</translation>
    </message>
    <message>
        <source>No clips yet</source>
        <translation type="unfinished">Noch keine Clips</translation>
    </message>
    <message>
        <source>Drop videos or images here, or add them.</source>
        <translation type="unfinished">Ziehen Sie Videos oder Bilder hierher oder fügen Sie sie hinzu.</translation>
    </message>
    <message>
        <source>Add clips…</source>
        <translation type="unfinished">Clips hinzufügen…</translation>
    </message>
    <message>
        <source>Where is {name} now?</source>
        <translation type="unfinished">Wo ist {name} jetzt?</translation>
    </message>
    <message>
        <source>Checking the file</source>
        <translation type="unfinished">Datei wird geprüft</translation>
    </message>
    <message>
        <source>Clips and subjects</source>
        <translation type="unfinished">Clips und Personen</translation>
    </message>
    <message>
        <source>Find by name, subject, study, or “missing”</source>
        <translation type="unfinished">Nach Name, Person, Studie oder „missing“ suchen</translation>
    </message>
    <message>
        <source>Find clips</source>
        <translation type="unfinished">Clips suchen</translation>
    </message>
    <message>
        <source>Subject, such as S01</source>
        <translation type="unfinished">Person, etwa S01</translation>
    </message>
    <message>
        <source>Subject of the selected clips</source>
        <translation type="unfinished">Person der gewählten Clips</translation>
    </message>
    <message>
        <source>Set subject</source>
        <translation type="unfinished">Person setzen</translation>
    </message>
    <message>
        <source>Who is seen in the selected clips; empty if not known</source>
        <translation type="unfinished">Wer in den gewählten Clips zu sehen ist; leer, falls unbekannt</translation>
    </message>
    <message>
        <source>From a list…</source>
        <translation type="unfinished">Aus einer Liste…</translation>
    </message>
    <message>
        <source>Reads subjects from a CSV file with the columns path and subject</source>
        <translation type="unfinished">Liest Personen aus einer CSV-Datei mit den Spalten path und subject</translation>
    </message>
    <message>
        <source>Show in Review</source>
        <translation type="unfinished">In Durchsicht zeigen</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation type="unfinished">Entfernen…</translation>
    </message>
    <message>
        <source>Takes the selected clips out of the lists; this can be undone</source>
        <translation type="unfinished">Nimmt die gewählten Clips aus den Listen; das lässt sich rückgängig machen</translation>
    </message>
    <message>
        <source>clip</source>
        <translation type="unfinished">Clip</translation>
    </message>
    <message>
        <source>clips</source>
        <translation type="unfinished">Clips</translation>
    </message>
    <message>
        <source>{shown} of {clips}</source>
        <translation type="unfinished">{shown} von {clips}</translation>
    </message>
    <message>
        <source>{words}, {chosen} selected</source>
        <translation type="unfinished">{words}, {chosen} gewählt</translation>
    </message>
    <message>
        <source>Subjects from a list</source>
        <translation type="unfinished">Personen aus einer Liste</translation>
    </message>
    <message>
        <source>Tables (*.csv *.tsv *.txt)</source>
        <translation type="unfinished">Tabellen (*.csv *.tsv *.txt)</translation>
    </message>
    <message>
        <source>All clips have the subjects of this list already.</source>
        <translation type="unfinished">Alle Clips haben schon die Personen dieser Liste.</translation>
    </message>
    <message>
        <source>The list names {lines} without a clip in this project, such as {names}.</source>
        <translation type="unfinished">Die Liste nennt {lines} ohne Clip in diesem Projekt, etwa {names}.</translation>
    </message>
    <message>
        <source>Add the clips first (File), then read the list again.</source>
        <translation type="unfinished">Zuerst die Clips hinzufügen (Datei), dann die Liste noch einmal lesen.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished">Entfernen</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation type="unfinished">Behalten</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation type="unfinished">Person</translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished">Datei</translation>
    </message>
    <message>
        <source>Length</source>
        <translation type="unfinished">Länge</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation type="unfinished">Bilder</translation>
    </message>
    <message>
        <source>Analysed</source>
        <translation type="unfinished">Analysiert</translation>
    </message>
    <message>
        <source>yes</source>
        <translation type="unfinished">ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation type="unfinished">nein</translation>
    </message>
    <message>
        <source>Faces</source>
        <translation type="unfinished">Gesichter</translation>
    </message>
    <message>
        <source>Ratings</source>
        <translation type="unfinished">Bewertungen</translation>
    </message>
    <message>
        <source>Traces</source>
        <translation type="unfinished">Verläufe</translation>
    </message>
    <message>
        <source>Studies</source>
        <translation type="unfinished">Studien</translation>
    </message>
    <message>
        <source>As drawn</source>
        <translation type="unfinished">Wie gezeichnet</translation>
    </message>
    <message>
        <source>Another width</source>
        <translation type="unfinished">Andere Breite</translation>
    </message>
    <message>
        <source>Export</source>
        <translation type="unfinished">Exportieren</translation>
    </message>
    <message>
        <source>What to export</source>
        <translation type="unfinished">Was exportiert wird</translation>
    </message>
    <message>
        <source>Form</source>
        <translation type="unfinished">Format</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished">Kopieren</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation type="unfinished">Exportieren…</translation>
    </message>
    <message>
        <source>Width in millimetres</source>
        <translation type="unfinished">Breite in Millimetern</translation>
    </message>
    <message>
        <source>Height in millimetres</source>
        <translation type="unfinished">Höhe in Millimetern</translation>
    </message>
    <message>
        <source>as drawn</source>
        <translation type="unfinished">wie gezeichnet</translation>
    </message>
    <message>
        <source>Size of the type in points</source>
        <translation type="unfinished">Schriftgröße in Punkt</translation>
    </message>
    <message>
        <source>Column</source>
        <translation type="unfinished">Spalte</translation>
    </message>
    <message>
        <source>Width</source>
        <translation type="unfinished">Breite</translation>
    </message>
    <message>
        <source>Height</source>
        <translation type="unfinished">Höhe</translation>
    </message>
    <message>
        <source>Font</source>
        <translation type="unfinished">Schrift</translation>
    </message>
    <message>
        <source>Type</source>
        <translation type="unfinished">Größe</translation>
    </message>
    <message>
        <source>{words}, the numbers</source>
        <translation type="unfinished">{words}, die Zahlen</translation>
    </message>
    <message>
        <source>Table</source>
        <translation type="unfinished">Tabelle</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation type="unfinished">Zahlen</translation>
    </message>
    <message>
        <source>What the numbers are of</source>
        <translation type="unfinished">Wovon die Zahlen sind</translation>
    </message>
    <message>
        <source>Copy this table for a spreadsheet</source>
        <translation type="unfinished">Diese Tabelle für eine Tabellenkalkulation kopieren</translation>
    </message>
    <message>
        <source>, of which the first {most_rows} are shown</source>
        <translation type="unfinished">, davon die ersten {most_rows} gezeigt</translation>
    </message>
    <message>
        <source>{rows} rows{more}</source>
        <translation type="unfinished">{rows} Zeilen{more}</translation>
    </message>
    <message>
        <source>Show me</source>
        <translation type="unfinished">Zeigen</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation type="unfinished">Auslassen</translation>
    </message>
    <message>
        <source>Skip this step</source>
        <translation type="unfinished">Schritt auslassen</translation>
    </message>
    <message>
        <source>Start over</source>
        <translation type="unfinished">Von vorn</translation>
    </message>
    <message>
        <source>All steps</source>
        <translation type="unfinished">Alle Schritte</translation>
    </message>
    <message>
        <source>Close the guide. Help resumes it.</source>
        <translation type="unfinished">Einführung schließen. Unter Hilfe geht sie weiter.</translation>
    </message>
    <message>
        <source>Close the guide</source>
        <translation type="unfinished">Einführung schließen</translation>
    </message>
    <message>
        <source>{done} of {steps}</source>
        <translation type="unfinished">{done} von {steps}</translation>
    </message>
    <message>
        <source>This was the guide. F1 opens the page of each screen.</source>
        <translation type="unfinished">Das war die Einführung. F1 öffnet die Seite zu jeder Ansicht.</translation>
    </message>
    <message>
        <source>done</source>
        <translation type="unfinished">erledigt</translation>
    </message>
    <message>
        <source>not done</source>
        <translation type="unfinished">nicht erledigt</translation>
    </message>
    <message>
        <source>Your trace over time</source>
        <translation type="unfinished">Ihr Verlauf über die Zeit</translation>
    </message>
    <message>
        <source>position on the clip&apos;s own presentation time stamps</source>
        <translation type="unfinished">Stelle nach den Zeitstempeln des Clips selbst</translation>
    </message>
    <message>
        <source>Trace</source>
        <translation type="unfinished">Verlauf</translation>
    </message>
    <message>
        <source>Trace over time</source>
        <translation type="unfinished">Verlauf über die Zeit</translation>
    </message>
    <message>
        <source>Opening the clip</source>
        <translation type="unfinished">Clip wird geöffnet</translation>
    </message>
    <message>
        <source>Valence and arousal</source>
        <translation type="unfinished">Valenz und Arousal</translation>
    </message>
    <message>
        <source>The mouse moves the marker over the plane, or along the axis.</source>
        <translation type="unfinished">Die Maus bewegt die Marke über die Ebene oder entlang der Achse.</translation>
    </message>
    <message>
        <source>Progress of the clip</source>
        <translation type="unfinished">Fortschritt des Clips</translation>
    </message>
    <message>
        <source>Play</source>
        <translation type="unfinished">Abspielen</translation>
    </message>
    <message>
        <source>Play or pause (Space)</source>
        <translation type="unfinished">Abspielen oder anhalten (Space)</translation>
    </message>
    <message>
        <source>Again</source>
        <translation type="unfinished">Nochmals</translation>
    </message>
    <message>
        <source>From the beginning (R)</source>
        <translation type="unfinished">Von Anfang an (R)</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished">Pause</translation>
    </message>
    <message>
        <source>{left} more</source>
        <translation type="unfinished">noch {left}</translation>
    </message>
    <message>
        <source>no more replays</source>
        <translation type="unfinished">keine Wiederholung mehr</translation>
    </message>
    <message>
        <source>{words} Continue with the next one: the reason is recorded.</source>
        <translation type="unfinished">{words} Fahren Sie mit dem nächsten fort: Der Grund wird festgehalten.</translation>
    </message>
    <message>
        <source>This clip cannot be opened.</source>
        <translation type="unfinished">Dieser Clip lässt sich nicht öffnen.</translation>
    </message>
    <message>
        <source>{notice}: judge this person</source>
        <translation type="unfinished">{notice}: Beurteilen Sie diese Person</translation>
    </message>
    <message>
        <source>Judge this person</source>
        <translation type="unfinished">Beurteilen Sie diese Person</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation type="unfinished">Kommentar</translation>
    </message>
    <message>
        <source>Undone. {what}.</source>
        <translation type="unfinished">Rückgängig gemacht. {what}.</translation>
    </message>
    <message>
        <source>Undone.</source>
        <translation type="unfinished">Rückgängig gemacht.</translation>
    </message>
    <message>
        <source>Which one fits best?</source>
        <translation type="unfinished">Was passt am besten?</translation>
    </message>
    <message>
        <source>How sure are you?</source>
        <translation type="unfinished">Wie sicher sind Sie?</translation>
    </message>
    <message>
        <source>{i} of {confidence_levels}</source>
        <translation type="unfinished">{i} von {confidence_levels}</translation>
    </message>
    <message>
        <source>1 not at all, {confidence_levels} quite sure. May be left open.</source>
        <translation type="unfinished">1 gar nicht, {confidence_levels} ganz sicher. Darf offen bleiben.</translation>
    </message>
    <message>
        <source>Comment (may be left empty)</source>
        <translation type="unfinished">Kommentar (darf leer bleiben)</translation>
    </message>
    <message>
        <source>not judged yet</source>
        <translation type="unfinished">noch nicht beurteilt</translation>
    </message>
    <message>
        <source>, was {tip}</source>
        <translation type="unfinished">, war {tip}</translation>
    </message>
    <message>
        <source>cannot tell</source>
        <translation type="unfinished">nicht erkennbar</translation>
    </message>
    <message>
        <source>face not visible</source>
        <translation type="unfinished">Gesicht nicht sichtbar</translation>
    </message>
    <message>
        <source>technical problem</source>
        <translation type="unfinished">technisches Problem</translation>
    </message>
    <message>
        <source>Nothing was recorded.</source>
        <translation type="unfinished">Es wurde nichts aufgezeichnet.</translation>
    </message>
    <message>
        <source>The trace begins late: the marker did not move in the first seconds.</source>
        <translation type="unfinished">Der Verlauf beginnt spät: Die Marke bewegte sich in den ersten Sekunden nicht.</translation>
    </message>
    <message>
        <source>There are gaps: stretches of the clip without a sample (pauses count).</source>
        <translation type="unfinished">Es gibt Lücken: Strecken des Clips ohne Messwert (Pausen zählen mit).</translation>
    </message>
    <message>
        <source>The marker stood still for a long time.</source>
        <translation type="unfinished">Die Marke stand lange still.</translation>
    </message>
    <message>
        <source>The marker was at the edge for much of the clip.</source>
        <translation type="unfinished">Die Marke war während eines großen Teils des Clips am Rand.</translation>
    </message>
    <message>
        <source>The trace ends before the clip does.</source>
        <translation type="unfinished">Der Verlauf endet vor dem Clip.</translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation type="unfinished">Maus</translation>
    </message>
    <message>
        <source>Arrow keys</source>
        <translation type="unfinished">Pfeiltasten</translation>
    </message>
    <message>
        <source>Gamepad</source>
        <translation type="unfinished">Gamepad</translation>
    </message>
    <message>
        <source>The PDF could not be written completely.</source>
        <translation type="unfinished">Das PDF konnte nicht vollständig geschrieben werden.</translation>
    </message>
    <message>
        <source>Check whether the disk is full.</source>
        <translation type="unfinished">Prüfen Sie, ob der Datenträger voll ist.</translation>
    </message>
    <message>
        <source>{title} ({number} of {parts})</source>
        <translation type="unfinished">{title} ({number} von {parts})</translation>
    </message>
    <message>
        <source>{title} (continued)</source>
        <translation type="unfinished">{title} (Fortsetzung)</translation>
    </message>
    <message>
        <source>Consent</source>
        <translation type="unfinished">Einwilligung</translation>
    </message>
    <message>
        <source>Consent is recorded under File → People and consent….</source>
        <translation type="unfinished">Die Einwilligung wird unter Datei → Personen und Einwilligung… festgehalten.</translation>
    </message>
    <message>
        <source>Continue without these people</source>
        <translation type="unfinished">Ohne diese Personen fortfahren</translation>
    </message>
    <message>
        <source>Leave them out and compute again</source>
        <translation type="unfinished">Ohne sie neu berechnen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished">Abbrechen</translation>
    </message>
    <message>
        <source>Person</source>
        <translation type="unfinished">Person</translation>
    </message>
    <message>
        <source>Who</source>
        <translation type="unfinished">Wer</translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished">Zeit</translation>
    </message>
    <message>
        <source>By</source>
        <translation type="unfinished">Durch</translation>
    </message>
    <message>
        <source>What</source>
        <translation type="unfinished">Was</translation>
    </message>
    <message>
        <source>Action</source>
        <translation type="unfinished">Aktion</translation>
    </message>
    <message>
        <source>Facts</source>
        <translation type="unfinished">Angaben</translation>
    </message>
    <message>
        <source>Training, exports and archives leave nobody out silently: they name whom consent does not cover, and go on without these people if you say so. The end of Keeping is the day by which a person must be erased.</source>
        <translation type="unfinished">Trainings, Exporte und Archive lassen niemanden stillschweigend aus: Sie nennen, wen die Einwilligung nicht abdeckt, und laufen ohne diese Personen weiter, wenn Sie es sagen. Das Ende der Aufbewahrung ist der Tag, bis zu dem eine Person gelöscht sein muss.</translation>
    </message>
    <message>
        <source>People and consent</source>
        <translation type="unfinished">Personen und Einwilligung</translation>
    </message>
    <message>
        <source>People</source>
        <translation type="unfinished">Personen</translation>
    </message>
    <message>
        <source>Audit log</source>
        <translation type="unfinished">Protokoll</translation>
    </message>
    <message>
        <source>People and what they agreed to</source>
        <translation type="unfinished">Personen und wozu sie eingewilligt haben</translation>
    </message>
    <message>
        <source>no end, or 2030-12-31</source>
        <translation type="unfinished">kein Ende, oder 2030-12-31</translation>
    </message>
    <message>
        <source>Last day on which it holds</source>
        <translation type="unfinished">Letzter Tag, an dem sie gilt</translation>
    </message>
    <message>
        <source>Where it is written down</source>
        <translation type="unfinished">Wo es schriftlich steht</translation>
    </message>
    <message>
        <source>Note</source>
        <translation type="unfinished">Notiz</translation>
    </message>
    <message>
        <source>Agreed</source>
        <translation type="unfinished">Zugestimmt</translation>
    </message>
    <message>
        <source>Record that the selected people agreed</source>
        <translation type="unfinished">Festhalten, dass die gewählten Personen zugestimmt haben</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation type="unfinished">Abgelehnt</translation>
    </message>
    <message>
        <source>Record that they did not agree</source>
        <translation type="unfinished">Festhalten, dass sie nicht zugestimmt haben</translation>
    </message>
    <message>
        <source>Withdrawn today</source>
        <translation type="unfinished">Heute widerrufen</translation>
    </message>
    <message>
        <source>Record that they took their consent back</source>
        <translation type="unfinished">Festhalten, dass sie ihre Einwilligung zurückgenommen haben</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation type="unfinished">Vergessen</translation>
    </message>
    <message>
        <source>Nothing is recorded any more for these purposes</source>
        <translation type="unfinished">Für diese Zwecke ist dann nichts mehr festgehalten</translation>
    </message>
    <message>
        <source>Erase…</source>
        <translation type="unfinished">Löschen…</translation>
    </message>
    <message>
        <source>Shows everything that would go, before anything is done</source>
        <translation type="unfinished">Zeigt alles, was verschwinden würde, bevor etwas geschieht</translation>
    </message>
    <message>
        <source>Leave people out of whom nothing is recorded</source>
        <translation type="unfinished">Personen auslassen, zu denen nichts festgehalten ist</translation>
    </message>
    <message>
        <source>Otherwise only a refusal, an end or a withdrawal leaves somebody out</source>
        <translation type="unfinished">Sonst lässt nur eine Ablehnung, ein Ende oder ein Widerruf jemanden aus</translation>
    </message>
    <message>
        <source>For</source>
        <translation type="unfinished">Für</translation>
    </message>
    <message>
        <source>until</source>
        <translation type="unfinished">bis</translation>
    </message>
    <message>
        <source>Write as CSV…</source>
        <translation type="unfinished">Als CSV schreiben…</translation>
    </message>
    <message>
        <source>All lines, oldest first</source>
        <translation type="unfinished">Alle Zeilen, älteste zuerst</translation>
    </message>
    <message>
        <source>The newest {shown} lines</source>
        <translation type="unfinished">Die neuesten {shown} Zeilen</translation>
    </message>
    <message>
        <source>line</source>
        <translation type="unfinished">Zeile</translation>
    </message>
    <message>
        <source>lines</source>
        <translation type="unfinished">Zeilen</translation>
    </message>
    <message>
        <source>
Still there: {place}</source>
        <translation type="unfinished">
Noch vorhanden: {place}</translation>
    </message>
    <message>
        <source>Write the audit log</source>
        <translation type="unfinished">Protokoll schreiben</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation type="unfinished">Tabellen (*.csv)</translation>
    </message>
    <message>
        <source>{lines} of the audit log written.</source>
        <translation type="unfinished">{lines} des Protokolls geschrieben.</translation>
    </message>
    <message>
        <source>Consent of {count} people</source>
        <translation type="unfinished">Einwilligung von {count} Personen</translation>
    </message>
    <message>
        <source>Erase {words}</source>
        <translation type="unfinished">{words} löschen</translation>
    </message>
    <message>
        <source>What goes and what stays</source>
        <translation type="unfinished">Was verschwindet und was bleibt</translation>
    </message>
    <message>
        <source>Looking for everything that belongs to this person …</source>
        <translation type="unfinished">Alles, was zu dieser Person gehört, wird gesucht …</translation>
    </message>
    <message>
        <source>Delete the files of the clips, too</source>
        <translation type="unfinished">Auch die Dateien der Clips löschen</translation>
    </message>
    <message>
        <source>Delete backups beside the project that hold the person</source>
        <translation type="unfinished">Sicherungen neben dem Projekt löschen, die die Person enthalten</translation>
    </message>
    <message>
        <source>Code of the person, to confirm</source>
        <translation type="unfinished">Kürzel der Person, zur Bestätigung</translation>
    </message>
    <message>
        <source>Erase for good</source>
        <translation type="unfinished">Endgültig löschen</translation>
    </message>
    <message>
        <source>{no_undo} Edit → Undo forgets everything before it, too.</source>
        <translation type="unfinished">{no_undo} Bearbeiten → Rückgängig vergisst auch alles davor.</translation>
    </message>
    <message>
        <source>Type {code} to confirm</source>
        <translation type="unfinished">Zum Bestätigen {code} eingeben</translation>
    </message>
    <message>
        <source>Erasing</source>
        <translation type="unfinished">Wird gelöscht</translation>
    </message>
    <message>
        <source>Face</source>
        <translation type="unfinished">Gesicht</translation>
    </message>
    <message>
        <source>Seen</source>
        <translation type="unfinished">Zu sehen</translation>
    </message>
    <message>
        <source>Proposed</source>
        <translation type="unfinished">Vorschlag</translation>
    </message>
    <message>
        <source>Because</source>
        <translation type="unfinished">Weil</translation>
    </message>
    <message>
        <source>{subject} (of the clip)</source>
        <translation type="unfinished">{subject} (des Clips)</translation>
    </message>
    <message>
        <source>Face {track_no}</source>
        <translation type="unfinished">Gesicht {track_no}</translation>
    </message>
    <message>
        <source>A face that leaves and comes back, or that is seen in several clips, has a track for each. Here they become one subject, whose code goes into items, exports and the splits of trainings. Faces are compared within this project only.</source>
        <translation type="unfinished">Ein Gesicht, das verschwindet und wiederkommt oder in mehreren Clips zu sehen ist, hat jeweils eine eigene Spur. Hier werden sie zu einer Person, deren Kürzel in Items, Exporte und die Aufteilungen von Trainings eingeht. Gesichter werden nur innerhalb dieses Projekts verglichen.</translation>
    </message>
    <message>
        <source>Faces and subjects</source>
        <translation type="unfinished">Gesichter und Personen</translation>
    </message>
    <message>
        <source>Find alike faces</source>
        <translation type="unfinished">Ähnliche Gesichter suchen</translation>
    </message>
    <message>
        <source>Compares the faces of all clips; nothing is stored</source>
        <translation type="unfinished">Vergleicht die Gesichter aller Clips; nichts wird gespeichert</translation>
    </message>
    <message>
        <source>Take proposals</source>
        <translation type="unfinished">Vorschläge annehmen</translation>
    </message>
    <message>
        <source>For the selected faces, or for all if none is selected</source>
        <translation type="unfinished">Für die gewählten Gesichter, oder für alle, wenn keines gewählt ist</translation>
    </message>
    <message>
        <source>Subject of the selected faces</source>
        <translation type="unfinished">Person der gewählten Gesichter</translation>
    </message>
    <message>
        <source>Whose faces the selected ones are; empty if not known</source>
        <translation type="unfinished">Wessen Gesichter die gewählten sind; leer, falls unbekannt</translation>
    </message>
    <message>
        <source>Faces of the project</source>
        <translation type="unfinished">Gesichter des Projekts</translation>
    </message>
    <message>
        <source>Comparing faces</source>
        <translation type="unfinished">Gesichter werden verglichen</translation>
    </message>
    <message>
        <source>Histogram of valence and arousal</source>
        <translation type="unfinished">Histogramm von Valenz und Arousal</translation>
    </message>
    <message>
        <source>share of frames</source>
        <translation type="unfinished">Anteil der Bilder</translation>
    </message>
    <message>
        <source>{words} {name}: mean {shown}</source>
        <translation type="unfinished">{words} {name}: Mittel {shown}</translation>
    </message>
    <message>
        <source>annotated</source>
        <translation type="unfinished">annotiert</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation type="unfinished">vorhergesagt</translation>
    </message>
    <message>
        <source>Nothing is shown.</source>
        <translation type="unfinished">Nichts wird gezeigt.</translation>
    </message>
    <message>
        <source>filled: annotated</source>
        <translation type="unfinished">gefüllt: annotiert</translation>
    </message>
    <message>
        <source>outline: predicted</source>
        <translation type="unfinished">Umriss: vorhergesagt</translation>
    </message>
    <message>
        <source>Measures of the face in the frame on screen</source>
        <translation type="unfinished">Maße des Gesichts im gezeigten Bild</translation>
    </message>
    <message>
        <source>The face is not measured in this frame.</source>
        <translation type="unfinished">Das Gesicht ist in diesem Bild nicht vermessen.</translation>
    </message>
    <message>
        <source>No face in this frame.</source>
        <translation type="unfinished">Kein Gesicht in diesem Bild.</translation>
    </message>
    <message>
        <source>Prediction of the frame on screen</source>
        <translation type="unfinished">Vorhersage des gezeigten Bildes</translation>
    </message>
    <message>
        <source>of the face on screen; classes are probabilities</source>
        <translation type="unfinished">des gezeigten Gesichts; Klassen sind Wahrscheinlichkeiten</translation>
    </message>
    <message>
        <source>Prediction of this frame</source>
        <translation type="unfinished">Vorhersage dieses Bildes</translation>
    </message>
    <message>
        <source>Uncertain: this face is small, turned or blurred.</source>
        <translation type="unfinished">Unsicher: Dieses Gesicht ist klein, abgewandt oder unscharf.</translation>
    </message>
    <message>
        <source>happy, elated</source>
        <translation type="unfinished">glücklich, begeistert</translation>
    </message>
    <message>
        <source>excited</source>
        <translation type="unfinished">aufgeregt</translation>
    </message>
    <message>
        <source>angry, afraid</source>
        <translation type="unfinished">wütend, ängstlich</translation>
    </message>
    <message>
        <source>tense</source>
        <translation type="unfinished">angespannt</translation>
    </message>
    <message>
        <source>sad, bored</source>
        <translation type="unfinished">traurig, gelangweilt</translation>
    </message>
    <message>
        <source>gloomy</source>
        <translation type="unfinished">bedrückt</translation>
    </message>
    <message>
        <source>content, relaxed</source>
        <translation type="unfinished">zufrieden, entspannt</translation>
    </message>
    <message>
        <source>calm</source>
        <translation type="unfinished">ruhig</translation>
    </message>
    <message>
        <source>Valence–arousal plane</source>
        <translation type="unfinished">Valenz-Arousal-Ebene</translation>
    </message>
    <message>
        <source>Follows the mouse.</source>
        <translation type="unfinished">Folgt der Maus.</translation>
    </message>
    <message>
        <source>valence {valence}, arousal {arousal}</source>
        <translation type="unfinished">Valenz {valence}, Arousal {arousal}</translation>
    </message>
    <message>
        <source>valence →</source>
        <translation type="unfinished">Valenz →</translation>
    </message>
    <message>
        <source>arousal →</source>
        <translation type="unfinished">Arousal →</translation>
    </message>
    <message>
        <source>Face {track_id}</source>
        <translation type="unfinished">Gesicht {track_id}</translation>
    </message>
    <message>
        <source>{name} · uncertain</source>
        <translation type="unfinished">{name} · unsicher</translation>
    </message>
    <message>
        <source>Position in the clip</source>
        <translation type="unfinished">Stelle im Clip</translation>
    </message>
    <message>
        <source>{at} of {end}</source>
        <translation type="unfinished">{at} von {end}</translation>
    </message>
    <message>
        <source>No clip is open.</source>
        <translation type="unfinished">Kein Clip ist geöffnet.</translation>
    </message>
    <message>
        <source>Speed  ([ slower, ] faster, Backspace normal).
There is sound at 1× only.</source>
        <translation type="unfinished">Tempo  ([ langsamer, ] schneller, Backspace normal).
Ton gibt es nur bei 1×.</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation type="unfinished">Tempo</translation>
    </message>
    <message>
        <source>frame {frame_idx} of {times_s}</source>
        <translation type="unfinished">Bild {frame_idx} von {times_s}</translation>
    </message>
    <message>
        <source>{at_s} s on the file&apos;s own clock, which exports keep</source>
        <translation type="unfinished">{at_s} s nach der Uhr der Datei, die Exporte beibehalten</translation>
    </message>
    <message>
        <source>of {whole}</source>
        <translation type="unfinished">von {whole}</translation>
    </message>
    <message>
        <source>There is no rater code.</source>
        <translation type="unfinished">Es gibt kein Kürzel für Beurteiler.</translation>
    </message>
    <message>
        <source>Set one under Settings → Recording.</source>
        <translation type="unfinished">Legen Sie eines unter Einstellungen → Aufnahme fest.</translation>
    </message>
    <message>
        <source>A trace needs a clip that plays; this is an image.</source>
        <translation type="unfinished">Ein Verlauf braucht einen Clip, der läuft; dies ist ein Bild.</translation>
    </message>
    <message>
        <source>Rate images under Annotate.</source>
        <translation type="unfinished">Bewerten Sie Bilder unter Annotieren.</translation>
    </message>
    <message>
        <source>Owners and reviewers see predictions and everybody&apos;s answers; raters do not. Your changes carry your code.</source>
        <translation type="unfinished">Eigentümer und Prüfer sehen Vorhersagen und alle Antworten, Beurteiler nicht. Ihre Änderungen tragen Ihr Kürzel.</translation>
    </message>
    <message>
        <source>This project has no owner yet. Give yourself a code. From then on, only owners and reviewers can open the answers, and your changes carry your code.</source>
        <translation type="unfinished">Dieses Projekt hat noch keinen Eigentümer. Geben Sie sich ein Kürzel. Danach können nur Eigentümer und Prüfer die Antworten öffnen, und Ihre Änderungen tragen Ihr Kürzel.</translation>
    </message>
    <message>
        <source>Your code</source>
        <translation type="unfinished">Ihr Kürzel</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation type="unfinished">Anmelden</translation>
    </message>
    <message>
        <source>Owners and reviewers</source>
        <translation type="unfinished">Eigentümer und Prüfer</translation>
    </message>
    <message>
        <source>may be left empty</source>
        <translation type="unfinished">darf leer bleiben</translation>
    </message>
    <message>
        <source>Somebody is judging clips in another window</source>
        <translation type="unfinished">In einem anderen Fenster werden gerade Clips beurteilt</translation>
    </message>
    <message>
        <source>Nothing else is shown meanwhile. Pause and leave in that window first (Esc).</source>
        <translation type="unfinished">Inzwischen wird nichts anderes gezeigt. Unterbrechen und verlassen Sie zuerst jenes Fenster (Esc).</translation>
    </message>
    <message>
        <source>This is one rater&apos;s kit</source>
        <translation type="unfinished">Dies ist das Paket eines Beurteilers</translation>
    </message>
    <message>
        <source>Merge it into the project that it was made from. Predictions and answers are shown there.</source>
        <translation type="unfinished">Führen Sie es mit dem Projekt zusammen, aus dem es stammt. Dort werden Vorhersagen und Antworten gezeigt.</translation>
    </message>
    <message>
        <source>mean {item_id} {condition}</source>
        <translation type="unfinished">Mittel {item_id} {condition}</translation>
    </message>
    <message>
        <source>Mean of {traces}</source>
        <translation type="unfinished">Mittel: {traces}</translation>
    </message>
    <message>
        <source>trace</source>
        <translation type="unfinished">Verlauf</translation>
    </message>
    <message>
        <source>traces</source>
        <translation type="unfinished">Verläufe</translation>
    </message>
    <message>
        <source>Curves of this face</source>
        <translation type="unfinished">Kurven dieses Gesichts</translation>
    </message>
    <message>
        <source>Valence, arousal and expressions in every frame, predicted and annotated.</source>
        <translation type="unfinished">Valenz, Arousal und Ausdrücke in jedem Bild, vorhergesagt und annotiert.</translation>
    </message>
    <message>
        <source>Verdicts on the last seconds</source>
        <translation type="unfinished">Urteile über die letzten Sekunden</translation>
    </message>
    <message>
        <source>frame number from 0</source>
        <translation type="unfinished">Bildnummer, ab 0</translation>
    </message>
    <message>
        <source>the frame&apos;s own presentation time stamp</source>
        <translation type="unfinished">der Zeitstempel des Bildes selbst</translation>
    </message>
    <message>
        <source>-1 to 1; empty where the face is not seen</source>
        <translation type="unfinished">-1 bis 1; leer, wo das Gesicht nicht zu sehen ist</translation>
    </message>
    <message>
        <source>probability of this expression, 0 to 1</source>
        <translation type="unfinished">Wahrscheinlichkeit dieses Ausdrucks, 0 bis 1</translation>
    </message>
    <message>
        <source>Expression</source>
        <translation type="unfinished">Ausdruck</translation>
    </message>
    <message>
        <source>the time at which this is said of the last seconds</source>
        <translation type="unfinished">der Zeitpunkt, zu dem dies über die letzten Sekunden gesagt wird</translation>
    </message>
    <message>
        <source>share of the category, 0 to 1</source>
        <translation type="unfinished">Anteil der Kategorie, 0 bis 1</translation>
    </message>
    <message>
        <source>CCC: concordance (Lin), MSE: mean squared error, r: Pearson correlation of the predicted with the annotated curve,
over the visible part and over the whole clip.</source>
        <translation type="unfinished">CCC: Konkordanz (Lin), MSE: mittlere quadratische Abweichung, r: Pearson-Korrelation der vorhergesagten mit der annotierten Kurve,
über den sichtbaren Teil und über den ganzen Clip.</translation>
    </message>
    <message>
        <source>CCC {ccc}, MSE {mse}, r {pearson}</source>
        <translation type="unfinished">CCC {ccc}, MSE {mse}, r {pearson}</translation>
    </message>
    <message>
        <source>no comparison</source>
        <translation type="unfinished">kein Vergleich</translation>
    </message>
    <message>
        <source>visible</source>
        <translation type="unfinished">sichtbar</translation>
    </message>
    <message>
        <source>whole</source>
        <translation type="unfinished">gesamt</translation>
    </message>
    <message>
        <source>From above: </source>
        <translation type="unfinished">Von oben: </translation>
    </message>
    <message>
        <source>Solid: predicted; thin and pale, of other faces. Dashed: annotated. Dotted: other raters.</source>
        <translation type="unfinished">Durchgezogen: vorhergesagt; dünn und blass für andere Gesichter. Gestrichelt: annotiert. Gepunktet: andere Beurteiler.</translation>
    </message>
    <message>
        <source>Legend</source>
        <translation type="unfinished">Legende</translation>
    </message>
    <message>
        <source>others</source>
        <translation type="unfinished">andere</translation>
    </message>
    <message>
        <source>other raters</source>
        <translation type="unfinished">andere Beurteiler</translation>
    </message>
    <message>
        <source>faces</source>
        <translation type="unfinished">Gesichter</translation>
    </message>
    <message>
        <source>other faces</source>
        <translation type="unfinished">andere Gesichter</translation>
    </message>
    <message>
        <source>Measure over time</source>
        <translation type="unfinished">Maß über die Zeit</translation>
    </message>
    <message>
        <source>{title_of} over time</source>
        <translation type="unfinished">{title_of} über die Zeit</translation>
    </message>
    <message>
        <source>Notes over time</source>
        <translation type="unfinished">Notizen über die Zeit</translation>
    </message>
    <message>
        <source>Notes: {notes}</source>
        <translation type="unfinished">Notizen: {notes}</translation>
    </message>
    <message>
        <source>note</source>
        <translation type="unfinished">Notiz</translation>
    </message>
    <message>
        <source>notes</source>
        <translation type="unfinished">Notizen</translation>
    </message>
    <message>
        <source>
by {author}</source>
        <translation type="unfinished">
von {author}</translation>
    </message>
    <message>
        <source>Part of the clip in view</source>
        <translation type="unfinished">Gezeigter Teil des Clips</translation>
    </message>
    <message>
        <source>Pictures of the clip</source>
        <translation type="unfinished">Bilder des Clips</translation>
    </message>
    <message>
        <source>Pictures of the part that the curves show, each from the middle of its place</source>
        <translation type="unfinished">Bilder des Teils, den die Kurven zeigen, jedes aus der Mitte seines Platzes</translation>
    </message>
    <message>
        <source>The whole clip, and the part that the curves show; drag it along</source>
        <translation type="unfinished">Der ganze Clip und der Teil, den die Kurven zeigen; mit der Maus verschiebbar</translation>
    </message>
    <message>
        <source>{first} to {last}</source>
        <translation type="unfinished">{first} bis {last}</translation>
    </message>
    <message>
        <source>{capitalize} over time</source>
        <translation type="unfinished">{capitalize} über die Zeit</translation>
    </message>
    <message>
        <source>Expressions over time</source>
        <translation type="unfinished">Ausdrücke über die Zeit</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation type="unfinished">Aufmerksamkeit</translation>
    </message>
    <message>
        <source>How strongly each moment counted for the verdict on the item or, live, on the last seconds. CACA-RNN A weighs moments of the surroundings while it reads the face.</source>
        <translation type="unfinished">Wie stark jeder Moment für das Urteil über das Item oder, live, über die letzten Sekunden zählte. CACA-RNN A gewichtet Momente der Umgebung, während es das Gesicht liest.</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation type="unfinished">Zeitleiste</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation type="unfinished">Notizen</translation>
    </message>
    <message>
        <source>Annotation to compare with</source>
        <translation type="unfinished">Annotation zum Vergleich</translation>
    </message>
    <message>
        <source>The annotation that the prediction is compared with</source>
        <translation type="unfinished">Die Annotation, mit der die Vorhersage verglichen wird</translation>
    </message>
    <message>
        <source>compare with</source>
        <translation type="unfinished">vergleichen mit</translation>
    </message>
    <message>
        <source>{attention_help} The strongest one is {at}.</source>
        <translation type="unfinished">{attention_help} Der stärkste liegt bei {at}.</translation>
    </message>
    <message>
        <source>{attention}, strongest at {at}</source>
        <translation type="unfinished">{attention}, am stärksten bei {at}</translation>
    </message>
    <message>
        <source>no annotation yet</source>
        <translation type="unfinished">noch keine Annotation</translation>
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished">Öffnen</translation>
    </message>
    <message>
        <source>Open the file with the program for its kind</source>
        <translation type="unfinished">Die Datei mit dem Programm für ihre Art öffnen</translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation type="unfinished">Ordner zeigen</translation>
    </message>
    <message>
        <source>Open the folder in which it lies</source>
        <translation type="unfinished">Den Ordner öffnen, in dem sie liegt</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation type="unfinished">Diese Meldung schließen</translation>
    </message>
    <message>
        <source>1 of {unread}</source>
        <translation type="unfinished">1 von {unread}</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation type="unfinished">Bild</translation>
    </message>
    <message>
        <source>A picture of the clip.</source>
        <translation type="unfinished">Ein Bild des Clips.</translation>
    </message>
    <message>
        <source>There is no picture.</source>
        <translation type="unfinished">Es gibt kein Bild.</translation>
    </message>
    <message>
        <source>A plot. Show the numbers, in the View menu, lists its values as a table.</source>
        <translation type="unfinished">Ein Diagramm. „Zahlen zeigen“ im Menü Ansicht führt seine Werte als Tabelle auf.</translation>
    </message>
    <message>
        <source>Screens</source>
        <translation type="unfinished">Ansichten</translation>
    </message>
    <message>
        <source>Stop this work</source>
        <translation type="unfinished">Diese Arbeit abbrechen</translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation type="unfinished">Wird abgebrochen …</translation>
    </message>
    <message>
        <source>Where the model really runs (ONNX Runtime&apos;s execution provider)</source>
        <translation type="unfinished">Wo das Modell wirklich läuft (Execution Provider von ONNX Runtime)</translation>
    </message>
    <message>
        <source>Median time from the submission of a frame to its prediction</source>
        <translation type="unfinished">Mittlere Zeit (Median) von der Übergabe eines Bildes bis zu seiner Vorhersage</translation>
    </message>
    <message>
        <source>Predictions per second</source>
        <translation type="unfinished">Vorhersagen pro Sekunde</translation>
    </message>
    <message>
        <source>Frames not shown in time, and frames not predicted live because a newer one was there</source>
        <translation type="unfinished">Bilder, die nicht rechtzeitig gezeigt wurden, und Bilder, die live nicht vorhergesagt wurden, weil ein neueres da war</translation>
    </message>
    <message>
        <source> (fewer, for smooth playing)</source>
        <translation type="unfinished"> (weniger, damit es flüssig läuft)</translation>
    </message>
    <message>
        <source>{fps} predictions/s{less}</source>
        <translation type="unfinished">{fps} Vorhersagen/s{less}</translation>
    </message>
    <message>
        <source>{dropped_shown} dropped</source>
        <translation type="unfinished">{dropped_shown} ausgefallen</translation>
    </message>
    <message>
        <source>{dropped_live} skipped live</source>
        <translation type="unfinished">{dropped_live} live übersprungen</translation>
    </message>
    <message>
        <source>Go to {title}</source>
        <translation type="unfinished">Zu {title} gehen</translation>
    </message>
    <message>
        <source>Every rater&apos;s answers</source>
        <translation type="unfinished">Antworten aller Beurteiler</translation>
    </message>
    <message>
        <source>{r} cannot tell</source>
        <translation type="unfinished">{r} nicht erkennbar</translation>
    </message>
    <message>
        <source>Item</source>
        <translation type="unfinished">Item</translation>
    </message>
    <message>
        <source>Condition</source>
        <translation type="unfinished">Bedingung</translation>
    </message>
    <message>
        <source>Rater</source>
        <translation type="unfinished">Beurteiler</translation>
    </message>
    <message>
        <source>Chosen by</source>
        <translation type="unfinished">Gewählt durch</translation>
    </message>
    <message>
        <source>Expected drop</source>
        <translation type="unfinished">Erw. Abnahme</translation>
    </message>
    <message>
        <source>of the mean variance, in squared points</source>
        <translation type="unfinished">der mittleren Varianz, in Quadratpunkten</translation>
    </message>
    <message>
        <source>What is to be known better</source>
        <translation type="unfinished">Was man besser wissen will</translation>
    </message>
    <message>
        <source>Number of judgements</source>
        <translation type="unfinished">Anzahl der Urteile</translation>
    </message>
    <message>
        <source>Share dealt at random</source>
        <translation type="unfinished">Zufällig zugeteilter Anteil</translation>
    </message>
    <message>
        <source>Statistics that assume random dealing have this part of the judgements</source>
        <translation type="unfinished">Statistiken, die zufällige Zuteilung voraussetzen, haben diesen Teil der Urteile</translation>
    </message>
    <message>
        <source>Enough when a typical interval is so narrow, in points</source>
        <translation type="unfinished">Genug, wenn ein typisches Intervall so schmal ist, in Punkten</translation>
    </message>
    <message>
        <source>no goal</source>
        <translation type="unfinished">kein Ziel</translation>
    </message>
    <message>
        <source>Deal these</source>
        <translation type="unfinished">Diese zuteilen</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation type="unfinished">Zurücknehmen</translation>
    </message>
    <message>
        <source>Takes back what nobody has started of the last batch; answers stay</source>
        <translation type="unfinished">Nimmt vom letzten Stapel zurück, was niemand begonnen hat; Antworten bleiben</translation>
    </message>
    <message>
        <source>Puts these judgements at the end of the raters&apos; lists, and notes it in the audit log</source>
        <translation type="unfinished">Setzt diese Urteile ans Ende der Listen der Beurteiler und vermerkt es im Protokoll</translation>
    </message>
    <message>
        <source>Judgements that help most</source>
        <translation type="unfinished">Urteile, die am meisten helfen</translation>
    </message>
    <message>
        <source>Ask for what helps most</source>
        <translation type="unfinished">Das Hilfreichste erfragen</translation>
    </message>
    <message>
        <source>Judgements</source>
        <translation type="unfinished">Urteile</translation>
    </message>
    <message>
        <source>at random</source>
        <translation type="unfinished">zufällig</translation>
    </message>
    <message>
        <source>enough at</source>
        <translation type="unfinished">genug bei</translation>
    </message>
    <message>
        <source>All items</source>
        <translation type="unfinished">Alle Items</translation>
    </message>
    <message>
        <source>Effect of context</source>
        <translation type="unfinished">Wirkung des Kontexts</translation>
    </message>
    <message>
        <source>Where people and the model part</source>
        <translation type="unfinished">Wo Mensch und Modell abweichen</translation>
    </message>
    <message>
        <source>Where models differ</source>
        <translation type="unfinished">Wo Modelle sich unterscheiden</translation>
    </message>
    <message>
        <source>{name} in all items</source>
        <translation type="unfinished">{name} in allen Items</translation>
    </message>
    <message>
        <source>Choose one study above: judgements are dealt within a study.</source>
        <translation type="unfinished">Wählen Sie oben eine Studie: Urteile werden innerhalb einer Studie zugeteilt.</translation>
    </message>
    <message>
        <source>Looking for the judgements that help most …</source>
        <translation type="unfinished">Die hilfreichsten Urteile werden gesucht …</translation>
    </message>
    <message>
        <source>Looking for the judgements that help most</source>
        <translation type="unfinished">Die hilfreichsten Urteile werden gesucht</translation>
    </message>
    <message>
        <source>Dealt: the judgements stand at the end of the raters&apos; lists.</source>
        <translation type="unfinished">Zugeteilt: Die Urteile stehen am Ende der Listen der Beurteiler.</translation>
    </message>
    <message>
        <source>Took back {judgements}.</source>
        <translation type="unfinished">{judgements} zurückgenommen.</translation>
    </message>
    <message>
        <source>judgement</source>
        <translation type="unfinished">Urteil</translation>
    </message>
    <message>
        <source>judgements</source>
        <translation type="unfinished">Urteile</translation>
    </message>
    <message>
        <source>the model</source>
        <translation type="unfinished">das Modell</translation>
    </message>
    <message>
        <source>chance</source>
        <translation type="unfinished">Zufall</translation>
    </message>
    <message>
        <source>{item}: conditions side by side</source>
        <translation type="unfinished">{item}: Bedingungen nebeneinander</translation>
    </message>
    <message>
        <source>Open in Review</source>
        <translation type="unfinished">In Durchsicht öffnen</translation>
    </message>
    <message>
        <source>With curves and traces, at the beginning of the item</source>
        <translation type="unfinished">Mit Kurven und Verläufen, am Anfang des Items</translation>
    </message>
    <message>
        <source>Marks</source>
        <translation type="unfinished">Punkte</translation>
    </message>
    <message>
        <source>What every rater gave</source>
        <translation type="unfinished">Was jeder Beurteiler vergab</translation>
    </message>
    <message>
        <source>{name}: picture</source>
        <translation type="unfinished">{name}: Bild</translation>
    </message>
    <message>
        <source> (not judged)</source>
        <translation type="unfinished"> (nicht beurteilt)</translation>
    </message>
    <message>
        <source>The file of this clip is not where it was.</source>
        <translation type="unfinished">Die Datei dieses Clips ist nicht mehr an ihrem Ort.</translation>
    </message>
    <message>
        <source>{time} of {length}</source>
        <translation type="unfinished">{time} von {length}</translation>
    </message>
    <message>
        <source>rater</source>
        <translation type="unfinished">Beurteiler</translation>
    </message>
    <message>
        <source>raters</source>
        <translation type="unfinished">Beurteiler</translation>
    </message>
    <message>
        <source>? raters</source>
        <translation type="unfinished">? Beurteiler</translation>
    </message>
    <message>
        <source>p adjusted</source>
        <translation type="unfinished">p adjustiert</translation>
    </message>
    <message>
        <source>at equal prevalence</source>
        <translation type="unfinished">bei gleicher Prävalenz</translation>
    </message>
    <message>
        <source>Differences between conditions</source>
        <translation type="unfinished">Unterschiede der Bedingungen</translation>
    </message>
    <message>
        <source>Difference of disagreement</source>
        <translation type="unfinished">Unterschied der Nichtübereinstimmung</translation>
    </message>
    <message>
        <source>Difference of alpha ({alpha})</source>
        <translation type="unfinished">Unterschied von Alpha ({alpha})</translation>
    </message>
    <message>
        <source>all categories</source>
        <translation type="unfinished">alle Kategorien</translation>
    </message>
    <message>
        <source>&lt;br&gt;p adjusted {p_text} (step-down max-T), by Holm {p_text_2}, unadjusted {p_text_3}; {n_flips} sign flips&lt;br&gt;p of the difference of alpha {p_text_4} (by Holm)&lt;br&gt;rank-biserial correlation {rank_biserial}&lt;br&gt;smallest p that can occur {p_text_5}; {scope}&lt;br&gt;&lt;br&gt;{how_to_read}</source>
        <translation type="unfinished">&lt;br&gt;p adjustiert {p_text} (Step-down max-T), nach Holm {p_text_2}, unadjustiert {p_text_3}; {n_flips} Vorzeichenwechsel&lt;br&gt;p des Unterschieds von Alpha {p_text_4} (nach Holm)&lt;br&gt;rangbiseriale Korrelation {rank_biserial}&lt;br&gt;kleinstes mögliches p {p_text_5}; {scope}&lt;br&gt;&lt;br&gt;{how_to_read}</translation>
    </message>
    <message>
        <source>Web page (*.html)</source>
        <translation type="unfinished">Webseite (*.html)</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation type="unfinished">PDF (*.pdf)</translation>
    </message>
    <message>
        <source>Scalable Vector Graphics (*.svg);;PDF (*.pdf);;PNG, 300 dpi (*.png)</source>
        <translation type="unfinished">Skalierbare Vektorgrafik (*.svg);;PDF (*.pdf);;PNG, 300 dpi (*.png)</translation>
    </message>
    <message>
        <source>Save figure</source>
        <translation type="unfinished">Abbildung speichern</translation>
    </message>
    <message>
        <source>Saving the figure</source>
        <translation type="unfinished">Abbildung wird gespeichert</translation>
    </message>
    <message>
        <source>Save tables into a folder</source>
        <translation type="unfinished">Tabellen in einen Ordner speichern</translation>
    </message>
    <message>
        <source>Saving tables</source>
        <translation type="unfinished">Tabellen werden gespeichert</translation>
    </message>
    <message>
        <source>Save agreement report</source>
        <translation type="unfinished">Bericht zur Übereinstimmung speichern</translation>
    </message>
    <message>
        <source>Saving the report</source>
        <translation type="unfinished">Bericht wird gespeichert</translation>
    </message>
    <message>
        <source>Saved {path}, but not all of it: {problems}</source>
        <translation type="unfinished">{path} gespeichert, aber nicht vollständig: {problems}</translation>
    </message>
    <message>
        <source>Lag</source>
        <translation type="unfinished">Verzögerung</translation>
    </message>
    <message>
        <source>Seconds removed before combining</source>
        <translation type="unfinished">Sekunden, die vor dem Kombinieren entfernt werden</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation type="unfinished">Gewicht</translation>
    </message>
    <message>
        <source>In the gold standard: valence / arousal</source>
        <translation type="unfinished">Im Goldstandard: Valenz / Arousal</translation>
    </message>
    <message>
        <source>Valence</source>
        <translation type="unfinished">Valenz</translation>
    </message>
    <message>
        <source>Concordance with the mean of the other raters</source>
        <translation type="unfinished">Konkordanz mit dem Mittel der anderen Beurteiler</translation>
    </message>
    <message>
        <source>Arousal</source>
        <translation type="unfinished">Arousal</translation>
    </message>
    <message>
        <source>Gold standard</source>
        <translation type="unfinished">Goldstandard</translation>
    </message>
    <message>
        <source>Lags</source>
        <translation type="unfinished">Verzögerungen</translation>
    </message>
    <message>
        <source>Open the clip here</source>
        <translation type="unfinished">Clip hier öffnen</translation>
    </message>
    <message>
        <source>In Review, at the beginning of the plot&apos;s view</source>
        <translation type="unfinished">In der Durchsicht, am Anfang des gezeigten Ausschnitts</translation>
    </message>
    <message>
        <source>Combine raters by</source>
        <translation type="unfinished">Kombinieren durch</translation>
    </message>
    <message>
        <source>Reaction lags</source>
        <translation type="unfinished">Verzögerungen</translation>
    </message>
    <message>
        <source>Store as gold standard</source>
        <translation type="unfinished">Als Goldstandard speichern</translation>
    </message>
    <message>
        <source>For every traced item; raw traces stay (Ctrl+G)</source>
        <translation type="unfinished">Für jedes Item mit Verläufen; die Rohverläufe bleiben (Ctrl+G)</translation>
    </message>
    <message>
        <source>Weigh raters (EWE)</source>
        <translation type="unfinished">Beurteiler gewichten (EWE)</translation>
    </message>
    <message>
        <source>Raters who agree little with the others count less</source>
        <translation type="unfinished">Beurteiler, die wenig mit den anderen übereinstimmen, zählen weniger</translation>
    </message>
    <message>
        <source>Raters</source>
        <translation type="unfinished">Beurteiler</translation>
    </message>
    <message>
        <source>Raters of this item</source>
        <translation type="unfinished">Beurteiler dieses Items</translation>
    </message>
    <message>
        <source>Choose whether the traces of this row&apos;s rater count for lags and gold standards</source>
        <translation type="unfinished">Wählen, ob die Verläufe des Beurteilers dieser Zeile für Verzögerungen und Goldstandards zählen</translation>
    </message>
    <message>
        <source>Stored {gold_standards} ({what}). {refused} could not be made: {reasons}</source>
        <translation type="unfinished">{gold_standards} gespeichert ({what}). Nicht gebildet werden konnten {refused}: {reasons}</translation>
    </message>
    <message>
        <source>gold standard</source>
        <translation type="unfinished">Goldstandard</translation>
    </message>
    <message>
        <source>gold standards</source>
        <translation type="unfinished">Goldstandards</translation>
    </message>
    <message>
        <source>Stored {gold_standards} ({what}); raw traces stay as they are.</source>
        <translation type="unfinished">{gold_standards} gespeichert ({what}); die Rohverläufe bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Nobody has traced anything under these filters.</source>
        <translation type="unfinished">Unter diesen Filtern hat niemand etwas aufgezeichnet.</translation>
    </message>
    <message>
        <source>gold standard ({fan_name})</source>
        <translation type="unfinished">Goldstandard ({fan_name})</translation>
    </message>
    <message>
        <source>90 % interval</source>
        <translation type="unfinished">90-%-Intervall</translation>
    </message>
    <message>
        <source>not removed</source>
        <translation type="unfinished">nicht entfernt</translation>
    </message>
    <message>
        <source>set aside</source>
        <translation type="unfinished">zurückgestellt</translation>
    </message>
    <message>
        <source>Concordance. </source>
        <translation type="unfinished">Konkordanz. </translation>
    </message>
    <message>
        <source>Take {rater} back</source>
        <translation type="unfinished">{rater} wieder aufnehmen</translation>
    </message>
    <message>
        <source>Set {rater} aside again</source>
        <translation type="unfinished">{rater} wieder zurückstellen</translation>
    </message>
    <message>
        <source>{dimensions} over time</source>
        <translation type="unfinished">{dimensions} über die Zeit</translation>
    </message>
    <message>
        <source>raters behind the gold standard over time</source>
        <translation type="unfinished">Beurteiler hinter dem Goldstandard über die Zeit</translation>
    </message>
    <message>
        <source>Number of raters behind each value of the gold standard</source>
        <translation type="unfinished">Anzahl der Beurteiler hinter jedem Wert des Goldstandards</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation type="unfinished">Automatisch</translation>
    </message>
    <message>
        <source>Items</source>
        <translation type="unfinished">Items</translation>
    </message>
    <message>
        <source>Subjects</source>
        <translation type="unfinished">Personen</translation>
    </message>
    <message>
        <source>item</source>
        <translation type="unfinished">Item</translation>
    </message>
    <message>
        <source>items</source>
        <translation type="unfinished">Items</translation>
    </message>
    <message>
        <source>subject</source>
        <translation type="unfinished">Person</translation>
    </message>
    <message>
        <source>subjects</source>
        <translation type="unfinished">Personen</translation>
    </message>
    <message>
        <source>Study</source>
        <translation type="unfinished">Studie</translation>
    </message>
    <message>
        <source>Pass</source>
        <translation type="unfinished">Durchgang</translation>
    </message>
    <message>
        <source>Intervals resample</source>
        <translation type="unfinished">Resampling über</translation>
    </message>
    <message>
        <source>Intervals over</source>
        <translation type="unfinished">Intervalle über</translation>
    </message>
    <message>
        <source>All studies</source>
        <translation type="unfinished">Alle Studien</translation>
    </message>
    <message>
        <source>All conditions</source>
        <translation type="unfinished">Alle Bedingungen</translation>
    </message>
    <message>
        <source>All subjects</source>
        <translation type="unfinished">Alle Personen</translation>
    </message>
    <message>
        <source>All {every}</source>
        <translation type="unfinished">Alle {every}</translation>
    </message>
    <message>
        <source>{on} of {every}</source>
        <translation type="unfinished">{on} von {every}</translation>
    </message>
    <message>
        <source>The viewing condition in which people judged</source>
        <translation type="unfinished">Die Bedingung, in der die Menschen urteilten</translation>
    </message>
    <message>
        <source>Judged</source>
        <translation type="unfinished">Beurteilt</translation>
    </message>
    <message>
        <source>At</source>
        <translation type="unfinished">Ab</translation>
    </message>
    <message>
        <source>Beginning of the moment, from the beginning of the clip</source>
        <translation type="unfinished">Beginn des Moments, vom Anfang des Clips an</translation>
    </message>
    <message>
        <source>Gap</source>
        <translation type="unfinished">Abstand</translation>
    </message>
    <message>
        <source>Distance of the model from people&apos;s mean, in standard deviations of single people</source>
        <translation type="unfinished">Abstand des Modells vom Mittel der Menschen, in Standardabweichungen einzelner Menschen</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation type="unfinished">Grund</translation>
    </message>
    <message>
        <source>Without a reason only</source>
        <translation type="unfinished">Nur ohne Grund</translation>
    </message>
    <message>
        <source>Remark on this moment</source>
        <translation type="unfinished">Bemerkung zu diesem Moment</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation type="unfinished">Bemerkung</translation>
    </message>
    <message>
        <source>Stored with the reason</source>
        <translation type="unfinished">Wird mit dem Grund gespeichert</translation>
    </message>
    <message>
        <source>Takes the reason of this moment back (Delete)</source>
        <translation type="unfinished">Nimmt den Grund dieses Moments zurück (Delete)</translation>
    </message>
    <message>
        <source>Edit reasons…</source>
        <translation type="unfinished">Gründe bearbeiten…</translation>
    </message>
    <message>
        <source>The project&apos;s list of reasons</source>
        <translation type="unfinished">Die Liste der Gründe dieses Projekts</translation>
    </message>
    <message>
        <source>With curves and traces, at this moment</source>
        <translation type="unfinished">Mit Kurven und Verläufen, in diesem Moment</translation>
    </message>
    <message>
        <source>Where people and the model part most</source>
        <translation type="unfinished">Wo Mensch und Modell am stärksten abweichen</translation>
    </message>
    <message>
        <source>Why do they part? The key gives the reason and goes on.</source>
        <translation type="unfinished">Warum weichen sie ab? Die Taste gibt den Grund an und geht weiter.</translation>
    </message>
    <message>
        <source>Looking for the moments on which people and the model part …</source>
        <translation type="unfinished">Die Momente, in denen Mensch und Modell abweichen, werden gesucht …</translation>
    </message>
    <message>
        <source>Comparing people with the model</source>
        <translation type="unfinished">Menschen und Modell werden verglichen</translation>
    </message>
    <message>
        <source>{models}: {moments}, {done} with a reason.</source>
        <translation type="unfinished">{models}: {moments}, {done} mit Grund.</translation>
    </message>
    <message>
        <source>moment</source>
        <translation type="unfinished">Moment</translation>
    </message>
    <message>
        <source>moments</source>
        <translation type="unfinished">Momente</translation>
    </message>
    <message>
        <source>Given so far: </source>
        <translation type="unfinished">Bisher angegeben: </translation>
    </message>
    <message>
        <source>Export reasons</source>
        <translation type="unfinished">Gründe exportieren</translation>
    </message>
    <message>
        <source>Table (*.csv)</source>
        <translation type="unfinished">Tabelle (*.csv)</translation>
    </message>
    <message>
        <source>Saved {done} with {reasons}.</source>
        <translation type="unfinished">{done} mit {reasons} gespeichert.</translation>
    </message>
    <message>
        <source>reason</source>
        <translation type="unfinished">Grund</translation>
    </message>
    <message>
        <source>reasons</source>
        <translation type="unfinished">Gründe</translation>
    </message>
    <message>
        <source>{people} of {all} chose the commonest category, to which {name} gives {model}; {size} spreads apart.</source>
        <translation type="unfinished">{people} von {all} wählten die häufigste Kategorie, der {name} {model} gibt; {size} Streuungen auseinander.</translation>
    </message>
    <message>
        <source>person</source>
        <translation type="unfinished">Person</translation>
    </message>
    <message>
        <source>people</source>
        <translation type="unfinished">Personen</translation>
    </message>
    <message>
        <source>on average over this moment</source>
        <translation type="unfinished">im Mittel über diesen Moment</translation>
    </message>
    <message>
        <source>on average</source>
        <translation type="unfinished">im Mittel</translation>
    </message>
    <message>
        <source> (its probability, put on this scale)</source>
        <translation type="unfinished"> (seine Wahrscheinlichkeit, auf diese Skala gebracht)</translation>
    </message>
    <message>
        <source>{people} {mean} {where}, with a spread of {spread}; {model}: {size} spreads apart.</source>
        <translation type="unfinished">{people} {mean} {where}, mit einer Streuung von {spread}; {model}: {size} Streuungen auseinander.</translation>
    </message>
    <message>
        <source>Most disputed</source>
        <translation type="unfinished">Am strittigsten</translation>
    </message>
    <message>
        <source>Emotion</source>
        <translation type="unfinished">Emotion</translation>
    </message>
    <message>
        <source>Filter items, clips, subjects</source>
        <translation type="unfinished">Items, Clips, Personen filtern</translation>
    </message>
    <message>
        <source>Filter items</source>
        <translation type="unfinished">Items filtern</translation>
    </message>
    <message>
        <source>Items, most disputed first</source>
        <translation type="unfinished">Items, strittigste zuerst</translation>
    </message>
    <message>
        <source>In Review, at the beginning of the item</source>
        <translation type="unfinished">In der Durchsicht, am Anfang des Items</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation type="unfinished">Nebeneinander</translation>
    </message>
    <message>
        <source>The face alone and full context in step, with every rater&apos;s points (Enter)</source>
        <translation type="unfinished">Nur Gesicht und voller Kontext im Gleichlauf, mit den Punkten aller Beurteiler (Enter)</translation>
    </message>
    <message>
        <source>All emotions</source>
        <translation type="unfinished">Alle Emotionen</translation>
    </message>
    <message>
        <source>The {many} most disputed of {found}; type to find others.</source>
        <translation type="unfinished">Die {many} strittigsten von {found}; tippen Sie, um andere zu finden.</translation>
    </message>
    <message>
        <source>{raters}; rest the mouse on a row to see who answered what.</source>
        <translation type="unfinished">{raters}; ruht die Maus auf einer Zeile, steht dort, wer was geantwortet hat.</translation>
    </message>
    <message>
        <source>Nobody has judged {item} under these filters.</source>
        <translation type="unfinished">Unter diesen Filtern hat niemand {item} beurteilt.</translation>
    </message>
    <message>
        <source>Change the filters above.</source>
        <translation type="unfinished">Ändern Sie die Filter oben.</translation>
    </message>
    <message>
        <source>Variance over raters, mean over the chosen emotions</source>
        <translation type="unfinished">Varianz über die Beurteiler, im Mittel der gewählten Emotionen</translation>
    </message>
    <message>
        <source>The emotion with the largest variance</source>
        <translation type="unfinished">Die Emotion mit der größten Varianz</translation>
    </message>
    <message>
        <source>Highest</source>
        <translation type="unfinished">Höchste</translation>
    </message>
    <message>
        <source>The largest disagreement of all conditions</source>
        <translation type="unfinished">Die größte Nichtübereinstimmung aller Bedingungen</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation type="unfinished">Differenz</translation>
    </message>
    <message>
        <source>{condition} minus {other}</source>
        <translation type="unfinished">{condition} minus {other}</translation>
    </message>
    <message>
        <source>rating</source>
        <translation type="unfinished">Bewertung</translation>
    </message>
    <message>
        <source>ratings</source>
        <translation type="unfinished">Bewertungen</translation>
    </message>
    <message>
        <source>Agreement of pairs of raters</source>
        <translation type="unfinished">Übereinstimmung von Beurteilerpaaren</translation>
    </message>
    <message>
        <source>{rater} and {other}</source>
        <translation type="unfinished">{rater} und {other}</translation>
    </message>
    <message>
        <source>&lt;br&gt;{level} % interval {low} to {high}</source>
        <translation type="unfinished">&lt;br&gt;{level}-%-Intervall {low} bis {high}</translation>
    </message>
    <message>
        <source>&lt;br&gt;no item in common</source>
        <translation type="unfinished">&lt;br&gt;kein gemeinsames Item</translation>
    </message>
    <message>
        <source>Measure of the face</source>
        <translation type="unfinished">Gesichtsmaß</translation>
    </message>
    <message>
        <source>Correlation over items between the mean measure of an item&apos;s face and its mean intensity, with a 95 % interval by {unit}. {neutral} Nothing is adjusted for the number of correlations: about one interval in twenty leaves out zero by chance. Measures are geometry, not Action Units.</source>
        <translation type="unfinished">Korrelation über Items zwischen dem mittleren Maß des Gesichts eines Items und seiner mittleren Intensität, mit einem 95-%-Intervall über {unit}. {neutral} Für die Anzahl der Korrelationen ist nichts adjustiert: Etwa eines von zwanzig Intervallen schließt die Null durch Zufall aus. Die Maße beschreiben Geometrie, keine Action Units.</translation>
    </message>
    <message>
        <source>Movements are relative to each person&apos;s mean.</source>
        <translation type="unfinished">Bewegungen sind relativ zum Mittel jeder Person.</translation>
    </message>
    <message>
        <source> Columns of other programs are as their files give them.</source>
        <translation type="unfinished"> Spalten anderer Programme sind so, wie deren Dateien sie angeben.</translation>
    </message>
    <message>
        <source>Movements are absolute, because not every person is named and seen in two items: faces differ, too.</source>
        <translation type="unfinished">Bewegungen sind absolut, weil nicht jede Person benannt und in zwei Items zu sehen ist: Auch Gesichter unterscheiden sich.</translation>
    </message>
    <message>
        <source>Measures and rated emotions</source>
        <translation type="unfinished">Maße und bewertete Emotionen</translation>
    </message>
    <message>
        <source>Measures of the face and rated emotions</source>
        <translation type="unfinished">Gesichtsmaße und bewertete Emotionen</translation>
    </message>
    <message>
        <source>Reading measures …</source>
        <translation type="unfinished">Maße werden gelesen …</translation>
    </message>
    <message>
        <source>Correlating measures</source>
        <translation type="unfinished">Maße werden korreliert</translation>
    </message>
    <message>
        <source> {clips} with ratings not measured.</source>
        <translation type="unfinished"> {clips} mit Bewertungen sind nicht vermessen.</translation>
    </message>
    <message>
        <source>No face of these items is measured yet. Measure the clips in Review first (Ctrl+M), or import measurements of another program.</source>
        <translation type="unfinished">Noch ist kein Gesicht dieser Items vermessen. Vermessen Sie die Clips zuerst in der Durchsicht (Ctrl+M) oder importieren Sie Messwerte eines anderen Programms.</translation>
    </message>
    <message>
        <source>{tip}; no interval: {reason}</source>
        <translation type="unfinished">{tip}; kein Intervall: {reason}</translation>
    </message>
    <message>
        <source>The model among the raters</source>
        <translation type="unfinished">Das Modell unter den Beurteilern</translation>
    </message>
    <message>
        <source>&lt;b&gt;{name}&lt;/b&gt;, {measure}&lt;br&gt;Model: &lt;b&gt;{model}&lt;/b&gt;{reason}, {items}&lt;br&gt;Raters: {raters}</source>
        <translation type="unfinished">&lt;b&gt;{name}&lt;/b&gt;, {measure}&lt;br&gt;Modell: &lt;b&gt;{model}&lt;/b&gt;{reason}, {items}&lt;br&gt;Beurteiler: {raters}</translation>
    </message>
    <message>
        <source>{model} of {mean}</source>
        <translation type="unfinished">{model} von {mean}</translation>
    </message>
    <message>
        <source>no value</source>
        <translation type="unfinished">kein Wert</translation>
    </message>
    <message>
        <source>raters against the others, and their mean</source>
        <translation type="unfinished">Beurteiler gegen die anderen, und ihr Mittel</translation>
    </message>
    <message>
        <source>the model against the same means</source>
        <translation type="unfinished">das Modell gegen dieselben Mittel</translation>
    </message>
    <message>
        <source>The class that stands for each emotion</source>
        <translation type="unfinished">Die Klasse, die für jede Emotion steht</translation>
    </message>
    <message>
        <source>Probabilities are averaged over an item. A probability is not an intensity, so emotions are compared by correlation, and valence and arousal by concordance. The model is compared with the same means of the other raters as each rater: at the raters&apos; mark it is as good as one more rater. Reaction lags are left in, which counts against the model on valence and arousal.</source>
        <translation type="unfinished">Wahrscheinlichkeiten werden über ein Item gemittelt. Eine Wahrscheinlichkeit ist keine Intensität; darum werden Emotionen durch Korrelation verglichen, Valenz und Arousal durch Konkordanz. Das Modell wird wie jeder Beurteiler mit denselben Mitteln der anderen Beurteiler verglichen: An der Marke der Beurteiler ist es so gut wie ein weiterer Beurteiler. Reaktionsverzögerungen bleiben enthalten, was bei Valenz und Arousal zu Ungunsten des Modells zählt.</translation>
    </message>
    <message>
        <source>Comparing with the predictions …</source>
        <translation type="unfinished">Wird mit den Vorhersagen verglichen …</translation>
    </message>
    <message>
        <source>Placing the model</source>
        <translation type="unfinished">Modell wird eingeordnet</translation>
    </message>
    <message>
        <source>None of these clips has predictions yet. Analyse the clips in Review first.</source>
        <translation type="unfinished">Keiner dieser Clips hat bisher Vorhersagen. Analysieren Sie die Clips zuerst in der Durchsicht.</translation>
    </message>
    <message>
        <source>Predictions of {models}.</source>
        <translation type="unfinished">Vorhersagen von {models}.</translation>
    </message>
    <message>
        <source>Agreement report</source>
        <translation type="unfinished">Bericht zur Übereinstimmung</translation>
    </message>
    <message>
        <source>Most disputed items</source>
        <translation type="unfinished">Strittigste Items</translation>
    </message>
    <message>
        <source>Traces of {item}</source>
        <translation type="unfinished">Verläufe von {item}</translation>
    </message>
    <message>
        <source>Counts of reasons</source>
        <translation type="unfinished">Häufigkeit der Gründe</translation>
    </message>
    <message>
        <source>Reasons for gaps</source>
        <translation type="unfinished">Gründe für Abstände</translation>
    </message>
    <message>
        <source>One row for each reason.</source>
        <translation type="unfinished">Eine Zeile für jeden Grund.</translation>
    </message>
    <message>
        <source>All tables of the screen</source>
        <translation type="unfinished">Alle Tabellen der Ansicht</translation>
    </message>
    <message>
        <source>One Excel workbook with a sheet for each table.</source>
        <translation type="unfinished">Eine Excel-Arbeitsmappe mit einem Blatt für jede Tabelle.</translation>
    </message>
    <message>
        <source>{report}, PDF</source>
        <translation type="unfinished">{report}, PDF</translation>
    </message>
    <message>
        <source>Findings and one figure on the first page, then figures, tables and methods on A4 pages.</source>
        <translation type="unfinished">Befunde und eine Abbildung auf der ersten Seite, dann Abbildungen, Tabellen und Methoden auf A4-Seiten.</translation>
    </message>
    <message>
        <source>{report}, web page</source>
        <translation type="unfinished">{report}, Webseite</translation>
    </message>
    <message>
        <source>Findings, figures, tables and methods as one page that needs nothing else.</source>
        <translation type="unfinished">Befunde, Abbildungen, Tabellen und Methoden als eine Seite, die nichts weiter braucht.</translation>
    </message>
    <message>
        <source>Disagreement and alpha</source>
        <translation type="unfinished">Nichtübereinstimmung und Alpha</translation>
    </message>
    <message>
        <source>Pairs of raters</source>
        <translation type="unfinished">Beurteilerpaare</translation>
    </message>
    <message>
        <source>Model against raters</source>
        <translation type="unfinished">Modell gegen Beurteiler</translation>
    </message>
    <message>
        <source>Answers to {item}</source>
        <translation type="unfinished">Antworten zu {item}</translation>
    </message>
    <message>
        <source>Disagreement and alpha by emotion and condition</source>
        <translation type="unfinished">Nichtübereinstimmung und Alpha nach Emotion und Bedingung</translation>
    </message>
    <message>
        <source>{name}, {condition}: disagreement {disagreement}, alpha {alpha}</source>
        <translation type="unfinished">{name}, {condition}: Nichtübereinstimmung {disagreement}, Alpha {alpha}</translation>
    </message>
    <message>
        <source>Prevalence</source>
        <translation type="unfinished">Prävalenz</translation>
    </message>
    <message>
        <source>Raw agreement</source>
        <translation type="unfinished">Rohe Übereinst.</translation>
    </message>
    <message>
        <source>Disagreement</source>
        <translation type="unfinished">Nichtübereinst.</translation>
    </message>
    <message>
        <source>Alpha</source>
        <translation type="unfinished">Alpha</translation>
    </message>
    <message>
        <source>Disagreement, with what is needed to read it</source>
        <translation type="unfinished">Nichtübereinstimmung, mit dem, was zum Lesen nötig ist</translation>
    </message>
    <message>
        <source>Disagreement grows with how often an emotion is seen; alpha is corrected for that. Rest the mouse on an emotion for intervals and full names, and click it to see its items.</source>
        <translation type="unfinished">Die Nichtübereinstimmung wächst damit, wie oft eine Emotion gesehen wird; Alpha ist dafür korrigiert. Lassen Sie die Maus auf einer Emotion ruhen, um Intervalle und volle Namen zu sehen, und klicken Sie sie an, um ihre Items zu sehen.</translation>
    </message>
    <message>
        <source>The effect of seeing the context</source>
        <translation type="unfinished">Die Wirkung des sichtbaren Kontexts</translation>
    </message>
    <message>
        <source>Conditions compared</source>
        <translation type="unfinished">Verglichene Bedingungen</translation>
    </message>
    <message>
        <source>Right of zero in the left panel, raters disagree more in the first condition. Filled marks have a p of at most .05, adjusted over the emotions: at the left by step-down max-T ({n_flips} sign flips), at the right by Holm. Rest the mouse on a row for effect sizes.</source>
        <translation type="unfinished">Rechts der Null im linken Feld sind sich die Beurteiler in der ersten Bedingung weniger einig. Gefüllte Punkte haben ein p von höchstens 0,05, über die Emotionen adjustiert: links durch Step-down max-T ({n_flips} Vorzeichenwechsel), rechts nach Holm. Lassen Sie die Maus auf einer Zeile ruhen, um Effektstärken zu sehen.</translation>
    </message>
    <message>
        <source>One condition alone cannot be compared: items must be judged in both.</source>
        <translation type="unfinished">Eine Bedingung allein lässt sich nicht vergleichen: Items müssen in beiden beurteilt sein.</translation>
    </message>
    <message>
        <source>To look at</source>
        <translation type="unfinished">Auffällig</translation>
    </message>
    <message>
        <source>Measures that stand out; select the row to read the evidence</source>
        <translation type="unfinished">Maße, die auffallen; wählen Sie die Zeile, um die Belege zu lesen</translation>
    </message>
    <message>
        <source>Bias</source>
        <translation type="unfinished">Bias</translation>
    </message>
    <message>
        <source>Mean of own answer minus the mean of the others, in points</source>
        <translation type="unfinished">Mittel der eigenen Antworten minus Mittel der anderen, in Punkten</translation>
    </message>
    <message>
        <source>Scale use</source>
        <translation type="unfinished">Skalennutzung</translation>
    </message>
    <message>
        <source>Spread of own answers over the spread of all; 1 is as wide as the panel</source>
        <translation type="unfinished">Streuung der eigenen Antworten durch die Streuung aller; 1 ist so breit wie die ganze Gruppe</translation>
    </message>
    <message>
        <source>With others</source>
        <translation type="unfinished">Mit anderen</translation>
    </message>
    <message>
        <source>Correlation with the mean of the others, after centring within emotion and condition</source>
        <translation type="unfinished">Korrelation mit dem Mittel der anderen, nach Zentrierung innerhalb von Emotion und Bedingung</translation>
    </message>
    <message>
        <source>α without</source>
        <translation type="unfinished">α ohne</translation>
    </message>
    <message>
        <source>Mean change of ordinal alpha when this rater is left out; above 0, the others agree better</source>
        <translation type="unfinished">Mittlere Änderung des ordinalen Alpha, wenn dieser Beurteiler wegbleibt; über 0 stimmen die anderen besser überein</translation>
    </message>
    <message>
        <source>Seconds behind the fastest rater, from traces</source>
        <translation type="unfinished">Sekunden hinter dem schnellsten Beurteiler, aus den Verläufen</translation>
    </message>
    <message>
        <source>Median seconds for an answer</source>
        <translation type="unfinished">Median der Sekunden je Antwort</translation>
    </message>
    <message>
        <source>Attention checks passed of those asked</source>
        <translation type="unfinished">Bestandene von den gestellten Aufmerksamkeitsprüfungen</translation>
    </message>
    <message>
        <source>Retest</source>
        <translation type="unfinished">Retest</translation>
    </message>
    <message>
        <source>Quadratic-weighted kappa of the second pass against the first</source>
        <translation type="unfinished">Quadratisch gewichtetes Kappa des zweiten Durchgangs gegen den ersten</translation>
    </message>
    <message>
        <source>without</source>
        <translation type="unfinished">ohne</translation>
    </message>
    <message>
        <source>α ordinal</source>
        <translation type="unfinished">α ordinal</translation>
    </message>
    <message>
        <source>Change of α</source>
        <translation type="unfinished">Änderung von α</translation>
    </message>
    <message>
        <source>Which agreement</source>
        <translation type="unfinished">Welche Übereinstimmung</translation>
    </message>
    <message>
        <source>Leave out…</source>
        <translation type="unfinished">Ausschließen…</translation>
    </message>
    <message>
        <source>Leave this rater out of all analyses of this project, with a reason; this can be undone</source>
        <translation type="unfinished">Diesen Beurteiler mit Angabe eines Grundes aus allen Analysen dieses Projekts ausschließen; das lässt sich rückgängig machen</translation>
    </message>
    <message>
        <source>Include again</source>
        <translation type="unfinished">Wieder aufnehmen</translation>
    </message>
    <message>
        <source>Count this rater in analyses again</source>
        <translation type="unfinished">Diesen Beurteiler in Analysen wieder mitzählen</translation>
    </message>
    <message>
        <source>What if without this rater</source>
        <translation type="unfinished">Was wäre ohne diesen Beurteiler</translation>
    </message>
    <message>
        <source>left out: </source>
        <translation type="unfinished">ausgeschlossen: </translation>
    </message>
    <message>
        <source>{rater} is left out: {excluded}</source>
        <translation type="unfinished">{rater} ist ausgeschlossen: {excluded}</translation>
    </message>
    <message>
        <source> This is a reason to look, but not yet one to leave anybody out.</source>
        <translation type="unfinished"> Das ist ein Grund hinzusehen, aber noch keiner, jemanden auszuschließen.</translation>
    </message>
    <message>
        <source>Nothing stands out.</source>
        <translation type="unfinished">Nichts fällt auf.</translation>
    </message>
    <message>
        <source> With fewer than five raters, nobody can be told from the others.</source>
        <translation type="unfinished"> Bei weniger als fünf Beurteilern lässt sich niemand von den anderen unterscheiden.</translation>
    </message>
    <message>
        <source>Computing without {rater} …</source>
        <translation type="unfinished">Wird ohne {rater} berechnet …</translation>
    </message>
    <message>
        <source>Without {tried}, alpha changes by {mean} on average and rises in {up} of {cells}. This is a trial; nothing is stored.</source>
        <translation type="unfinished">Ohne {tried} ändert sich Alpha im Mittel um {mean} und steigt in {up} von {cells}. Dies ist ein Versuch; nichts wird gespeichert.</translation>
    </message>
    <message>
        <source>cell</source>
        <translation type="unfinished">Zelle</translation>
    </message>
    <message>
        <source>cells</source>
        <translation type="unfinished">Zellen</translation>
    </message>
    <message>
        <source>Leave a rater out</source>
        <translation type="unfinished">Beurteiler ausschließen</translation>
    </message>
    <message>
        <source>Why should {rater} be left out of all analyses? The reason is stored. This can be undone.</source>
        <translation type="unfinished">Warum soll {rater} aus allen Analysen ausgeschlossen werden? Der Grund wird gespeichert. Das lässt sich rückgängig machen.</translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation type="unfinished">Ausschließen</translation>
    </message>
    <message>
        <source>{checks_passed} of {checks_asked}</source>
        <translation type="unfinished">{checks_passed} von {checks_asked}</translation>
    </message>
    <message>
        <source>low correlation</source>
        <translation type="unfinished">geringe Korrelation</translation>
    </message>
    <message>
        <source>scale use</source>
        <translation type="unfinished">Skalennutzung</translation>
    </message>
    <message>
        <source>lowers alpha</source>
        <translation type="unfinished">senkt Alpha</translation>
    </message>
    <message>
        <source>same answers in a row</source>
        <translation type="unfinished">gleiche Antworten in Folge</translation>
    </message>
    <message>
        <source>Does the model fit?</source>
        <translation type="unfinished">Passt das Modell?</translation>
    </message>
    <message>
        <source>Raters of traces</source>
        <translation type="unfinished">Beurteiler von Verläufen</translation>
    </message>
    <message>
        <source>Points that a condition adds to the first one, as a mean over the judged items. Rows whose interval holds zero are pale.</source>
        <translation type="unfinished">Punkte, die eine Bedingung zur ersten hinzufügt, im Mittel über die beurteilten Items. Zeilen, deren Intervall die Null enthält, sind blass.</translation>
    </message>
    <message>
        <source>The mean score that typical raters of this panel would give each item, with its interval. Biases, use of the scale, noise and drift of the raters who judged it are taken into account.</source>
        <translation type="unfinished">Der mittlere Wert, den typische Beurteiler dieser Gruppe jedem Item geben würden, mit seinem Intervall. Verzerrungen, Skalennutzung, Rauschen und Drift der Beurteiler, die es beurteilt haben, sind berücksichtigt.</translation>
    </message>
    <message>
        <source>How each rater differs from the panel: points that are added to every rating, noise over the panel&apos;s, and points that are added in an hour of a session.</source>
        <translation type="unfinished">Worin sich jeder Beurteiler von der Gruppe unterscheidet: Punkte, die zu jeder Bewertung hinzukommen, Rauschen im Verhältnis zur Gruppe und Punkte, die in einer Stunde Sitzung hinzukommen.</translation>
    </message>
    <message>
        <source>The ratings beside ratings that the fitted model draws for the same raters and items.</source>
        <translation type="unfinished">Die Bewertungen neben Bewertungen, die das angepasste Modell für dieselben Beurteiler und Items zieht.</translation>
    </message>
    <message>
        <source>How each rater&apos;s traces differ from the panel: seconds behind it, how far they move, what lies higher, and what is not explained. The truth with its interval is on the page Traces, where raters can be combined by this model.</source>
        <translation type="unfinished">Worin sich die Verläufe jeder Person von denen der Gruppe unterscheiden: wie viele Sekunden sie zurückliegen, wie weit sie ausschlagen, um wie viel sie höher liegen und was unerklärt bleibt. Die wahre Kurve mit ihrem Intervall steht auf der Seite Verläufe, wo Beurteiler nach diesem Modell zusammengefasst werden können.</translation>
    </message>
    <message>
        <source>What is shown of the model</source>
        <translation type="unfinished">Was vom Modell gezeigt wird</translation>
    </message>
    <message>
        <source>The model of raters</source>
        <translation type="unfinished">Das Modell der Beurteiler</translation>
    </message>
    <message>
        <source>A model of raters</source>
        <translation type="unfinished">Ein Modell der Beurteiler</translation>
    </message>
    <message>
        <source>Fitting the model of raters …</source>
        <translation type="unfinished">Modell der Beurteiler wird angepasst …</translation>
    </message>
    <message>
        <source>Fitting the model of raters</source>
        <translation type="unfinished">Modell der Beurteiler wird angepasst</translation>
    </message>
    <message>
        <source>The model on this page is of intensities, of which there are none.</source>
        <translation type="unfinished">Das Modell auf dieser Seite betrifft Intensitäten, und es gibt keine.</translation>
    </message>
    <message>
        <source>Fitting the model of traces, which takes up to a minute or two …</source>
        <translation type="unfinished">Das Modell der Verläufe wird angepasst; das dauert bis zu ein oder zwei Minuten …</translation>
    </message>
    <message>
        <source>Fitting the model of traces</source>
        <translation type="unfinished">Modell der Verläufe anpassen</translation>
    </message>
    <message>
        <source>{told} Intervals hold {level} %, given the model.</source>
        <translation type="unfinished">{told} Intervalle enthalten {level} %, wenn das Modell gilt.</translation>
    </message>
    <message>
        <source>Nothing speaks against the model.</source>
        <translation type="unfinished">Nichts spricht gegen das Modell.</translation>
    </message>
    <message>
        <source>points that the last condition adds to the first</source>
        <translation type="unfinished">Punkte, die die letzte Bedingung zur ersten hinzufügt</translation>
    </message>
    <message>
        <source>not judged: what the other condition and items say</source>
        <translation type="unfinished">nicht beurteilt: was die andere Bedingung und die Items besagen</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation type="unfinished">Profil</translation>
    </message>
    <message>
        <source>points that the rater gives more than a typical one</source>
        <translation type="unfinished">Punkte, die der Beurteiler mehr gibt als ein typischer</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation type="unfinished">Rauschen</translation>
    </message>
    <message>
        <source>noise over the panel&apos;s</source>
        <translation type="unfinished">Rauschen im Verhältnis zur Gruppe</translation>
    </message>
    <message>
        <source>Drift an hour</source>
        <translation type="unfinished">Drift je Stunde</translation>
    </message>
    <message>
        <source>points that are added in an hour</source>
        <translation type="unfinished">Punkte, die in einer Stunde hinzukommen</translation>
    </message>
    <message>
        <source>seconds behind the panel&apos;s mean</source>
        <translation type="unfinished">Sekunden hinter dem Mittel der Gruppe</translation>
    </message>
    <message>
        <source>how far the rater moves where the panel moves by 1</source>
        <translation type="unfinished">wie weit die Person ausschlägt, wo die Gruppe um 1 ausschlägt</translation>
    </message>
    <message>
        <source>Offset</source>
        <translation type="unfinished">Versatz</translation>
    </message>
    <message>
        <source>what the rater adds, less the panel&apos;s mean</source>
        <translation type="unfinished">was die Person hinzufügt, abzüglich des Mittels der Gruppe</translation>
    </message>
    <message>
        <source>standard deviation</source>
        <translation type="unfinished">Standardabweichung</translation>
    </message>
    <message>
        <source>Of</source>
        <translation type="unfinished">Von</translation>
    </message>
    <message>
        <source>Given</source>
        <translation type="unfinished">Gegeben</translation>
    </message>
    <message>
        <source>Drawn by the model</source>
        <translation type="unfinished">Vom Modell gezogen</translation>
    </message>
    <message>
        <source>Fits</source>
        <translation type="unfinished">Passt</translation>
    </message>
    <message>
        <source>Reasons</source>
        <translation type="unfinished">Gründe</translation>
    </message>
    <message>
        <source>Add</source>
        <translation type="unfinished">Hinzufügen</translation>
    </message>
    <message>
        <source>Up</source>
        <translation type="unfinished">Auf</translation>
    </message>
    <message>
        <source>Down</source>
        <translation type="unfinished">Ab</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished">Delete</translation>
    </message>
    <message>
        <source>Reasons that were given with this word stay</source>
        <translation type="unfinished">Gründe, die mit diesem Wort angegeben wurden, bleiben</translation>
    </message>
    <message>
        <source>Save</source>
        <translation type="unfinished">Speichern</translation>
    </message>
    <message>
        <source>The first {most_reasons} have the keys 1 to {most_reasons}. F2 or a double click changes a word; reasons that were given with it change, too.</source>
        <translation type="unfinished">Die ersten {most_reasons} haben die Tasten 1 bis {most_reasons}. F2 oder ein Doppelklick ändert ein Wort; damit angegebene Gründe ändern sich mit.</translation>
    </message>
    <message>
        <source>New reason</source>
        <translation type="unfinished">Neuer Grund</translation>
    </message>
    <message>
        <source>Give each reason a word of its own; a list needs at least one.</source>
        <translation type="unfinished">Geben Sie jedem Grund ein eigenes Wort; eine Liste braucht mindestens eines.</translation>
    </message>
    <message>
        <source>What was judged</source>
        <translation type="unfinished">Was beurteilt wurde</translation>
    </message>
    <message>
        <source>Estimator</source>
        <translation type="unfinished">Schätzer</translation>
    </message>
    <message>
        <source>Its full name; rest the mouse on a row to read it in plain words</source>
        <translation type="unfinished">Sein voller Name; lassen Sie die Maus auf einer Zeile ruhen, um ihn in einfachen Worten zu lesen</translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished">Wert</translation>
    </message>
    <message>
        <source>Interval</source>
        <translation type="unfinished">Intervall</translation>
    </message>
    <message>
        <source>At the level and by the method named in the sentence below</source>
        <translation type="unfinished">Auf dem Niveau und nach der Methode, die der Satz unten nennt</translation>
    </message>
    <message>
        <source>Of differences between conditions, adjusted over the emotions or categories</source>
        <translation type="unfinished">Von Unterschieden zwischen Bedingungen, über die Emotionen oder Kategorien adjustiert</translation>
    </message>
    <message>
        <source>Reliability</source>
        <translation type="unfinished">Reliabilität</translation>
    </message>
    <message>
        <source>Copy sentence</source>
        <translation type="unfinished">Satz kopieren</translation>
    </message>
    <message>
        <source>Copy this result for a paper</source>
        <translation type="unfinished">Dieses Ergebnis für einen Artikel kopieren</translation>
    </message>
    <message>
        <source>Copy methods text</source>
        <translation type="unfinished">Methodentext kopieren</translation>
    </message>
    <message>
        <source>Copy the description of the methods</source>
        <translation type="unfinished">Die Beschreibung der Methoden kopieren</translation>
    </message>
    <message>
        <source>Copy provenance</source>
        <translation type="unfinished">Herkunft kopieren</translation>
    </message>
    <message>
        <source>Copy where these results come from</source>
        <translation type="unfinished">Kopieren, woher diese Ergebnisse stammen</translation>
    </message>
    <message>
        <source>Estimates</source>
        <translation type="unfinished">Schätzungen</translation>
    </message>
    <message>
        <source>In words</source>
        <translation type="unfinished">In Worten</translation>
    </message>
    <message>
        <source>This result</source>
        <translation type="unfinished">Dieses Ergebnis</translation>
    </message>
    <message>
        <source>Methods section</source>
        <translation type="unfinished">Methodenteil</translation>
    </message>
    <message>
        <source>Where these results come from</source>
        <translation type="unfinished">Woher diese Ergebnisse stammen</translation>
    </message>
    <message>
        <source>What the figures mean</source>
        <translation type="unfinished">Was die Zahlen bedeuten</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation type="unfinished">Alles</translation>
    </message>
    <message>
        <source>{low} to {high}</source>
        <translation type="unfinished">{low} bis {high}</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation type="unfinished">Kopiert.</translation>
    </message>
    <message>
        <source>Categories</source>
        <translation type="unfinished">Kategorien</translation>
    </message>
    <message>
        <source>{rater} again</source>
        <translation type="unfinished">{rater} erneut</translation>
    </message>
    <message>
        <source>all conditions</source>
        <translation type="unfinished">alle Bedingungen</translation>
    </message>
    <message>
        <source>{dimension}: {rater} against the others</source>
        <translation type="unfinished">{dimension}: {rater} gegen die anderen</translation>
    </message>
    <message>
        <source>{dimension}: {rater} and {other}</source>
        <translation type="unfinished">{dimension}: {rater} und {other}</translation>
    </message>
    <message>
        <source>Save figure…</source>
        <translation type="unfinished">Abbildung speichern…</translation>
    </message>
    <message>
        <source>The page you are looking at as SVG, PDF or PNG.</source>
        <translation type="unfinished">Die gezeigte Seite als SVG, PDF oder PNG.</translation>
    </message>
    <message>
        <source>Save tables…</source>
        <translation type="unfinished">Tabellen speichern…</translation>
    </message>
    <message>
        <source>Every table of the agreement screen as CSV and LaTeX, into a folder.</source>
        <translation type="unfinished">Jede Tabelle der Ansicht Übereinstimmung als CSV und LaTeX, in einen Ordner.</translation>
    </message>
    <message>
        <source>Save agreement report…</source>
        <translation type="unfinished">Bericht zur Übereinstimmung speichern…</translation>
    </message>
    <message>
        <source>One self-contained HTML page with findings, figures, tables and methods.</source>
        <translation type="unfinished">Eine in sich geschlossene HTML-Seite mit Befunden, Abbildungen, Tabellen und Methoden.</translation>
    </message>
    <message>
        <source>Save agreement report as PDF…</source>
        <translation type="unfinished">Bericht zur Übereinstimmung als PDF speichern…</translation>
    </message>
    <message>
        <source>print report pdf paper</source>
        <translation type="unfinished">drucken bericht pdf papier</translation>
    </message>
    <message>
        <source>Sentences ready for a paper&apos;s methods section.</source>
        <translation type="unfinished">Sätze, fertig für den Methodenteil eines Artikels.</translation>
    </message>
    <message>
        <source>Store traces&apos; gold standard</source>
        <translation type="unfinished">Goldstandard der Verläufe speichern</translation>
    </message>
    <message>
        <source>Stores the chosen recipe&apos;s gold standard of every traced item beside the raw traces.</source>
        <translation type="unfinished">Speichert den Goldstandard nach dem gewählten Rezept für jedes Item mit Verläufen, neben den Rohverläufen.</translation>
    </message>
    <message>
        <source>Review where people and the model part</source>
        <translation type="unfinished">Durchsehen, wo Mensch und Modell abweichen</translation>
    </message>
    <message>
        <source>The moments with the largest gap, in both conditions, with a reason for each.</source>
        <translation type="unfinished">Die Momente mit dem größten Abstand, in beiden Bedingungen, mit einem Grund für jeden.</translation>
    </message>
    <message>
        <source>guided review error disagreement model people gap reason</source>
        <translation type="unfinished">geführt durchsicht fehler abweichung modell menschen abstand grund</translation>
    </message>
    <message>
        <source>Edit the reasons for gaps…</source>
        <translation type="unfinished">Gründe für Abstände bearbeiten…</translation>
    </message>
    <message>
        <source>The project&apos;s words for why people and the model part, and their keys.</source>
        <translation type="unfinished">Die Wörter des Projekts dafür, warum Mensch und Modell abweichen, und ihre Tasten.</translation>
    </message>
    <message>
        <source>Export reasons for gaps…</source>
        <translation type="unfinished">Gründe für Abstände exportieren…</translation>
    </message>
    <message>
        <source>One row for each reason that was given, as tidy CSV.</source>
        <translation type="unfinished">Eine Zeile für jeden angegebenen Grund, als Tidy-CSV.</translation>
    </message>
    <message>
        <source>Next page</source>
        <translation type="unfinished">Nächste Seite</translation>
    </message>
    <message>
        <source>Previous page</source>
        <translation type="unfinished">Vorige Seite</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation type="unfinished">Übereinstimmung</translation>
    </message>
    <message>
        <source>How far raters agree, with and without context</source>
        <translation type="unfinished">Wie weit Beurteiler übereinstimmen, mit und ohne Kontext</translation>
    </message>
    <message>
        <source>ICC alpha kappa reliability disagreement statistics report export tables figures</source>
        <translation type="unfinished">ICC alpha kappa reliabilität nichtübereinstimmung statistik bericht export tabellen abbildungen</translation>
    </message>
    <message>
        <source>Reading labels</source>
        <translation type="unfinished">Labels werden gelesen</translation>
    </message>
    <message>
        <source>Agreement is being computed without {named}.</source>
        <translation type="unfinished">Die Übereinstimmung wird ohne {named} berechnet.</translation>
    </message>
    <message>
        <source>Export once more when it is done.</source>
        <translation type="unfinished">Exportieren Sie noch einmal, wenn das fertig ist.</translation>
    </message>
    <message>
        <source>Without </source>
        <translation type="unfinished">Ohne </translation>
    </message>
    <message>
        <source>Agreement, first look</source>
        <translation type="unfinished">Übereinstimmung, erster Blick</translation>
    </message>
    <message>
        <source>Intensities</source>
        <translation type="unfinished">Intensitäten</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation type="unfinished">Überblick</translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished">Modell</translation>
    </message>
    <message>
        <source>Gaps</source>
        <translation type="unfinished">Abstände</translation>
    </message>
    <message>
        <source>Measures</source>
        <translation type="unfinished">Maße</translation>
    </message>
    <message>
        <source>Raters&apos; model</source>
        <translation type="unfinished">Modell der Beurteiler</translation>
    </message>
    <message>
        <source>Next judgements</source>
        <translation type="unfinished">Nächste Urteile</translation>
    </message>
    <message>
        <source>No project is open</source>
        <translation type="unfinished">Kein Projekt ist geöffnet</translation>
    </message>
    <message>
        <source>Open a project with labels, or the demo, whose raters are simulated.</source>
        <translation type="unfinished">Öffnen Sie ein Projekt mit Labels oder die Demo, deren Beurteiler simuliert sind.</translation>
    </message>
    <message>
        <source>Open project…</source>
        <translation type="unfinished">Projekt öffnen…</translation>
    </message>
    <message>
        <source>Open the demo</source>
        <translation type="unfinished">Demo öffnen</translation>
    </message>
    <message>
        <source>Nobody has judged anything yet</source>
        <translation type="unfinished">Noch hat niemand etwas beurteilt</translation>
    </message>
    <message>
        <source>Let raters judge a study in Annotate, import labels of other tools in Exchange, or fill a study with simulated raters (Study, Raters) to see what this screen will show.</source>
        <translation type="unfinished">Lassen Sie Beurteiler unter Annotieren eine Studie beurteilen, importieren Sie unter Austausch Labels anderer Werkzeuge oder füllen Sie eine Studie mit simulierten Beurteilern (Studie, Beurteiler), um zu sehen, was diese Ansicht zeigen wird.</translation>
    </message>
    <message>
        <source>Go to Annotate</source>
        <translation type="unfinished">Zu Annotieren</translation>
    </message>
    <message>
        <source>Go to Study</source>
        <translation type="unfinished">Zur Studie</translation>
    </message>
    <message>
        <source>Not while somebody is rating</source>
        <translation type="unfinished">Nicht, während jemand bewertet</translation>
    </message>
    <message>
        <source>Raters judge without seeing others&apos; answers. Sign out in Annotate to look at agreement.</source>
        <translation type="unfinished">Beurteiler urteilen, ohne die Antworten anderer zu sehen. Melden Sie sich unter Annotieren ab, um die Übereinstimmung zu sehen.</translation>
    </message>
    <message>
        <source>Reading labels …</source>
        <translation type="unfinished">Labels werden gelesen …</translation>
    </message>
    <message>
        <source>This takes a moment in large projects.</source>
        <translation type="unfinished">Das dauert in großen Projekten einen Moment.</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation type="unfinished">Seiten</translation>
    </message>
    <message>
        <source>Kind of labels</source>
        <translation type="unfinished">Art der Labels</translation>
    </message>
    <message>
        <source>The methods text is copied.</source>
        <translation type="unfinished">Der Methodentext ist kopiert.</translation>
    </message>
    <message>
        <source>Raters judge without seeing others&apos; answers. Sign out in Annotate first.</source>
        <translation type="unfinished">Beurteiler urteilen, ohne die Antworten anderer zu sehen. Melden Sie sich zuerst unter Annotieren ab.</translation>
    </message>
    <message>
        <source>{rater} is left out: {reason}.</source>
        <translation type="unfinished">{rater} ist ausgeschlossen: {reason}.</translation>
    </message>
    <message>
        <source>and {more} more: rest the mouse here to read them</source>
        <translation type="unfinished">und {more} weitere: Lassen Sie die Maus hier ruhen, um sie zu lesen</translation>
    </message>
    <message>
        <source>Computing …</source>
        <translation type="unfinished">Wird berechnet …</translation>
    </message>
    <message>
        <source>Intervals leave out each {unit}</source>
        <translation type="unfinished">Intervalle lassen der Reihe nach aus: {unit}</translation>
    </message>
    <message>
        <source>{replicates} resamples of {units}</source>
        <translation type="unfinished">{replicates} Stichproben der {units}</translation>
    </message>
    <message>
        <source>First look, without traces. {how}</source>
        <translation type="unfinished">Erster Blick, ohne Verläufe. {how}</translation>
    </message>
    <message>
        <source>{how} · seed {seed}</source>
        <translation type="unfinished">{how} · Startwert {seed}</translation>
    </message>
    <message>
        <source>Clips on this screen</source>
        <translation type="unfinished">Clips dieser Ansicht</translation>
    </message>
    <message>
        <source>Saved; open it to correct it</source>
        <translation type="unfinished">Gespeichert; zum Berichtigen öffnen</translation>
    </message>
    <message>
        <source>Still to be judged</source>
        <translation type="unfinished">Noch zu beurteilen</translation>
    </message>
    <message>
        <source>Clip {number}, saved</source>
        <translation type="unfinished">Clip {number}, gespeichert</translation>
    </message>
    <message>
        <source>Clip {number}, open</source>
        <translation type="unfinished">Clip {number}, offen</translation>
    </message>
    <message>
        <source>How fast do you react?</source>
        <translation type="unfinished">Wie schnell reagieren Sie?</translation>
    </message>
    <message>
        <source>Before the clips there is a short test of about half a minute. A dot jumps up and down: follow it with the marker as fast as you can. Your reaction time is used only to line up the traces of all raters.</source>
        <translation type="unfinished">Vor den Clips kommt ein kurzer Test von etwa einer halben Minute. Ein Punkt springt auf und ab: Folgen Sie ihm mit der Marke, so schnell Sie können. Ihre Reaktionszeit dient nur dazu, die Verläufe aller Beurteiler zeitlich auszurichten.</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation type="unfinished">Beginnen</translation>
    </message>
    <message>
        <source>Skip this time</source>
        <translation type="unfinished">Diesmal auslassen</translation>
    </message>
    <message>
        <source>You follow about {lag_s} seconds behind. Thank you. The clips come next.</source>
        <translation type="unfinished">Sie folgen mit etwa {lag_s} Sekunden Abstand. Vielen Dank. Als Nächstes kommen die Clips.</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation type="unfinished">Gemessen</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation type="unfinished">Weiter</translation>
    </message>
    <message>
        <source>Your reaction time was not measured.</source>
        <translation type="unfinished">Ihre Reaktionszeit wurde nicht gemessen.</translation>
    </message>
    <message>
        <source>Your reaction time could not be measured: the marker did not follow the dot often enough.</source>
        <translation type="unfinished">Ihre Reaktionszeit konnte nicht gemessen werden: Die Marke folgte dem Punkt nicht oft genug.</translation>
    </message>
    <message>
        <source>Not measured</source>
        <translation type="unfinished">Nicht gemessen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished">Erneut versuchen</translation>
    </message>
    <message>
        <source>Continue without</source>
        <translation type="unfinished">Ohne fortfahren</translation>
    </message>
    <message>
        <source>This machine has no sound output that the program can use.</source>
        <translation type="unfinished">Dieser Rechner hat keine Tonausgabe, die das Programm verwenden kann.</translation>
    </message>
    <message>
        <source>Plug in headphones or a loudspeaker, choose it in the system&apos;s sound settings, and play again.</source>
        <translation type="unfinished">Schließen Sie Kopfhörer oder einen Lautsprecher an, wählen Sie das Gerät in den Toneinstellungen des Systems und spielen Sie die Töne erneut ab.</translation>
    </message>
    <message>
        <source>Play the tones</source>
        <translation type="unfinished">Töne abspielen</translation>
    </message>
    <message>
        <source>How many tones you heard</source>
        <translation type="unfinished">Wie viele Töne Sie gehört haben</translation>
    </message>
    <message>
        <source>Digits that you see on black</source>
        <translation type="unfinished">Ziffern, die Sie auf Schwarz sehen</translation>
    </message>
    <message>
        <source>Digits that you see on white</source>
        <translation type="unfinished">Ziffern, die Sie auf Weiß sehen</translation>
    </message>
    <message>
        <source>Check</source>
        <translation type="unfinished">Prüfen</translation>
    </message>
    <message>
        <source>Your answers will say that the check was skipped</source>
        <translation type="unfinished">Ihre Antworten vermerken, dass die Prüfung ausgelassen wurde</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation type="unfinished">Verlassen</translation>
    </message>
    <message>
        <source>, about {tall_cm} cm high on this screen</source>
        <translation type="unfinished">, auf diesem Bildschirm etwa {tall_cm} cm hoch</translation>
    </message>
    <message>
        <source>Pictures are shown within {width} × {height} pixels{cm}.</source>
        <translation type="unfinished">Bilder werden innerhalb von {width} × {height} Pixeln gezeigt{cm}.</translation>
    </message>
    <message>
        <source>Sound and screen</source>
        <translation type="unfinished">Ton und Bildschirm</translation>
    </message>
    <message>
        <source>Before the first clip, check that you hear and see everything. It takes half a minute.</source>
        <translation type="unfinished">Prüfen Sie vor dem ersten Clip, ob Sie alles hören und sehen. Das dauert eine halbe Minute.</translation>
    </message>
    <message>
        <source>How many did you hear?</source>
        <translation type="unfinished">Wie viele haben Sie gehört?</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation type="unfinished">Ton</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation type="unfinished">Bildschirm</translation>
    </message>
    <message>
        <source>Type the digits that you can see, from left to right. The first one is very faint: leave it out if you cannot read it.</source>
        <translation type="unfinished">Geben Sie die Ziffern, die Sie sehen, von links nach rechts ein. Die erste ist sehr schwach: Lassen Sie sie weg, wenn Sie sie nicht lesen können.</translation>
    </message>
    <message>
        <source>On black</source>
        <translation type="unfinished">Auf Schwarz</translation>
    </message>
    <message>
        <source>On white</source>
        <translation type="unfinished">Auf Weiß</translation>
    </message>
    <message>
        <source>{labels}: expected {span}.</source>
        <translation type="unfinished">{labels}: erwartet {span}.</translation>
    </message>
    <message>
        <source>Your trace is as expected.</source>
        <translation type="unfinished">Ihr Verlauf ist wie erwartet.</translation>
    </message>
    <message>
        <source>Your answer is as expected.</source>
        <translation type="unfinished">Ihre Antwort ist wie erwartet.</translation>
    </message>
    <message>
        <source>Another category was expected.</source>
        <translation type="unfinished">Erwartet wurde eine andere Kategorie.</translation>
    </message>
    <message>
        <source>Your answer is saved.</source>
        <translation type="unfinished">Ihre Antwort ist gespeichert.</translation>
    </message>
    <message>
        <source>As expected</source>
        <translation type="unfinished">Wie erwartet</translation>
    </message>
    <message>
        <source>Others see it differently</source>
        <translation type="unfinished">Andere sehen es anders</translation>
    </message>
    <message>
        <source>Stop here, please</source>
        <translation type="unfinished">Bitte hier anhalten</translation>
    </message>
    <message>
        <source>{what}

What was saved before is not touched. {todo}

Tell whoever gave you the clips; nothing more can be saved until then.</source>
        <translation type="unfinished">{what}

Was vorher gespeichert wurde, bleibt unberührt. {todo}

Sagen Sie es der Person, die Ihnen die Clips gegeben hat; bis dahin lässt sich nichts mehr speichern.</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation type="unfinished">Angehalten</translation>
    </message>
    <message>
        <source>Everything so far is saved. The clip you were on will start again from the beginning.</source>
        <translation type="unfinished">Alles bisher ist gespeichert. Der Clip, bei dem Sie waren, beginnt wieder von vorn.</translation>
    </message>
    <message>
        <source>That was the last one. Thank you!</source>
        <translation type="unfinished">Das war der letzte. Vielen Dank!</translation>
    </message>
    <message>
        <source>Time for a short break.</source>
        <translation type="unfinished">Zeit für eine kurze Pause.</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation type="unfinished">Fortschritt</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation type="unfinished">Zurück</translation>
    </message>
    <message>
        <source>Change the previous answer (Page up)</source>
        <translation type="unfinished">Die vorige Antwort ändern (Page up)</translation>
    </message>
    <message>
        <source>Everything so far is saved (Esc)</source>
        <translation type="unfinished">Alles bisher ist gespeichert (Esc)</translation>
    </message>
    <message>
        <source>Practice: does not count</source>
        <translation type="unfinished">Übung: zählt nicht</translation>
    </message>
    <message>
        <source> · no sound on this machine</source>
        <translation type="unfinished"> · kein Ton auf diesem Rechner</translation>
    </message>
    <message>
        <source> · no sound</source>
        <translation type="unfinished"> · kein Ton</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation type="unfinished">{done} von {total}</translation>
    </message>
    <message>
        <source>less than a minute left</source>
        <translation type="unfinished">noch weniger als eine Minute</translation>
    </message>
    <message>
        <source>about {whole} min left</source>
        <translation type="unfinished">noch etwa {whole} min</translation>
    </message>
    <message>
        <source>about {minutes} h left</source>
        <translation type="unfinished">noch etwa {minutes} h</translation>
    </message>
    <message>
        <source>question</source>
        <translation type="unfinished">Frage</translation>
    </message>
    <message>
        <source>rate, next question</source>
        <translation type="unfinished">bewerten, nächste Frage</translation>
    </message>
    <message>
        <source>save, next</source>
        <translation type="unfinished">speichern, weiter</translation>
    </message>
    <message>
        <source>play</source>
        <translation type="unfinished">abspielen</translation>
    </message>
    <message>
        <source>again</source>
        <translation type="unfinished">noch einmal</translation>
    </message>
    <message>
        <source>cannot judge the clip</source>
        <translation type="unfinished">Clip nicht beurteilbar</translation>
    </message>
    <message>
        <source>change</source>
        <translation type="unfinished">ändern</translation>
    </message>
    <message>
        <source>Save and continue</source>
        <translation type="unfinished">Speichern und weiter</translation>
    </message>
    <message>
        <source>Cannot judge this clip</source>
        <translation type="unfinished">Clip nicht beurteilbar</translation>
    </message>
    <message>
        <source>Answers “cannot tell” to every open question (Ctrl+X; press again to undo)</source>
        <translation type="unfinished">Beantwortet jede offene Frage mit „nicht erkennbar“ (Ctrl+X; erneut drücken macht es rückgängig)</translation>
    </message>
    <message>
        <source>Save the correction</source>
        <translation type="unfinished">Berichtigung speichern</translation>
    </message>
    <message>
        <source>Correct your previous answer. The clip is not shown again.</source>
        <translation type="unfinished">Berichtigen Sie Ihre vorige Antwort. Der Clip wird nicht noch einmal gezeigt.</translation>
    </message>
    <message>
        <source>Watch the clip to the end once.</source>
        <translation type="unfinished">Sehen Sie den Clip einmal bis zum Ende an.</translation>
    </message>
    <message>
        <source>Not saved yet. Your answer is still here: press Enter to try again.</source>
        <translation type="unfinished">Noch nicht gespeichert. Ihre Antwort ist noch da: Drücken Sie Enter, um es erneut zu versuchen.</translation>
    </message>
    <message>
        <source>There is nothing to undo.</source>
        <translation type="unfinished">Es gibt nichts rückgängig zu machen.</translation>
    </message>
    <message>
        <source>Undo “cannot judge”</source>
        <translation type="unfinished">„Nicht beurteilbar“ aufheben</translation>
    </message>
    <message>
        <source>Saving …</source>
        <translation type="unfinished">Wird gespeichert …</translation>
    </message>
    <message>
        <source>Marked as “cannot judge”. Press Enter to save, or Ctrl+X to undo.</source>
        <translation type="unfinished">Als „nicht beurteilbar“ vermerkt. Enter speichert, Ctrl+X macht es rückgängig.</translation>
    </message>
    <message>
        <source>Once the clip is over, press Enter.</source>
        <translation type="unfinished">Wenn der Clip vorbei ist, drücken Sie Enter.</translation>
    </message>
    <message>
        <source>Complete. Press Enter.</source>
        <translation type="unfinished">Vollständig. Drücken Sie Enter.</translation>
    </message>
    <message>
        <source>This clip cannot be shown, so there is nothing to answer. Press Enter to continue.</source>
        <translation type="unfinished">Dieser Clip lässt sich nicht zeigen, daher gibt es nichts zu beantworten. Drücken Sie Enter, um fortzufahren.</translation>
    </message>
    <message>
        <source>Still open: {left} of {total}</source>
        <translation type="unfinished">Noch offen: {left} von {total}</translation>
    </message>
    <message>
        <source>Annotate</source>
        <translation type="unfinished">Annotieren</translation>
    </message>
    <message>
        <source>Judge the clips a study gives you</source>
        <translation type="unfinished">Die Clips beurteilen, die eine Studie Ihnen gibt</translation>
    </message>
    <message>
        <source>sign in rate label judge rater</source>
        <translation type="unfinished">anmelden bewerten label urteilen beurteiler</translation>
    </message>
    <message>
        <source>as you were told</source>
        <translation type="unfinished">wie mitgeteilt</translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished">Sprache</translation>
    </message>
    <message>
        <source>PIN, if you were given one</source>
        <translation type="unfinished">PIN, falls Sie eine bekommen haben</translation>
    </message>
    <message>
        <source>Write the code that you were given.</source>
        <translation type="unfinished">Geben Sie das Kürzel ein, das Sie bekommen haben.</translation>
    </message>
    <message>
        <source>1 judgement is waiting.</source>
        <translation type="unfinished">1 Urteil steht noch aus.</translation>
    </message>
    <message>
        <source>{left} judgements are waiting.</source>
        <translation type="unfinished">{left} Urteile stehen noch aus.</translation>
    </message>
    <message>
        <source>All done.</source>
        <translation type="unfinished">Alles erledigt.</translation>
    </message>
    <message>
        <source>No sound on this machine</source>
        <translation type="unfinished">Kein Ton auf diesem Rechner</translation>
    </message>
    <message>
        <source>The program found no sound output. Clips that should have sound play without it, and your answers record that. Plug in headphones or a loudspeaker and sign in again, or tell the study&apos;s owner.</source>
        <translation type="unfinished">Das Programm hat keine Tonausgabe gefunden. Clips, die Ton haben sollten, laufen ohne ihn, und Ihre Antworten vermerken das. Schließen Sie Kopfhörer oder einen Lautsprecher an und melden Sie sich erneut an, oder sagen Sie es dem Eigentümer der Studie.</translation>
    </message>
    <message>
        <source>or press Enter</source>
        <translation type="unfinished">oder Enter drücken</translation>
    </message>
    <message>
        <source>Text of the study</source>
        <translation type="unfinished">Text der Studie</translation>
    </message>
    <message>
        <source>Start</source>
        <translation type="unfinished">Starten</translation>
    </message>
    <message>
        <source>Trace it again</source>
        <translation type="unfinished">Neu aufzeichnen</translation>
    </message>
    <message>
        <source>unpleasant – pleasant</source>
        <translation type="unfinished">unangenehm – angenehm</translation>
    </message>
    <message>
        <source>calm – excited</source>
        <translation type="unfinished">ruhig – aufgeregt</translation>
    </message>
    <message>
        <source>Most of the clip was not traced, so this trace cannot be kept. Trace it again.</source>
        <translation type="unfinished">Der größte Teil des Clips wurde nicht aufgezeichnet; dieser Verlauf lässt sich nicht behalten. Zeichnen Sie ihn neu auf.</translation>
    </message>
    <message>
        <source>{rate_hz} samples per second.</source>
        <translation type="unfinished">{rate_hz} Messwerte pro Sekunde.</translation>
    </message>
    <message>
        <source>No problems found. {rate}</source>
        <translation type="unfinished">Keine Auffälligkeiten. {rate}</translation>
    </message>
    <message>
        <source>Not saved yet. Your trace is still here: press Enter to try again.</source>
        <translation type="unfinished">Noch nicht gespeichert. Ihr Verlauf ist noch da: Drücken Sie Enter, um es erneut zu versuchen.</translation>
    </message>
    <message>
        <source>Not saved yet: skip the clip again to try again.</source>
        <translation type="unfinished">Noch nicht gespeichert: Lassen Sie den Clip nochmals aus, um es erneut zu versuchen.</translation>
    </message>
    <message>
        <source>stick sets the speed</source>
        <translation type="unfinished">Stick bestimmt das Tempo</translation>
    </message>
    <message>
        <source>stick sets the position</source>
        <translation type="unfinished">Stick bestimmt die Stelle</translation>
    </message>
    <message>
        <source>Your trace</source>
        <translation type="unfinished">Ihr Verlauf</translation>
    </message>
    <message>
        <source>Move the marker with</source>
        <translation type="unfinished">Marke bewegen mit</translation>
    </message>
    <message>
        <source>Not recording: move the mouse back here</source>
        <translation type="unfinished">Keine Aufzeichnung: Bewegen Sie die Maus hierher zurück</translation>
    </message>
    <message>
        <source>Move the mouse onto this field</source>
        <translation type="unfinished">Bewegen Sie die Maus auf dieses Feld</translation>
    </message>
    <message>
        <source>Checking the trace …</source>
        <translation type="unfinished">Verlauf wird geprüft …</translation>
    </message>
    <message>
        <source>Paused. Press Space to continue.</source>
        <translation type="unfinished">Angehalten. Space setzt fort.</translation>
    </message>
    <message>
        <source>Continue without it</source>
        <translation type="unfinished">Ohne ihn fortfahren</translation>
    </message>
    <message>
        <source>Back</source>
        <translation type="unfinished">Zurück</translation>
    </message>
    <message>
        <source>Cannot judge this clip …</source>
        <translation type="unfinished">Clip nicht beurteilbar …</translation>
    </message>
    <message>
        <source>start</source>
        <translation type="unfinished">beginnen</translation>
    </message>
    <message>
        <source>change the device</source>
        <translation type="unfinished">Gerät wechseln</translation>
    </message>
    <message>
        <source>cannot judge this clip …</source>
        <translation type="unfinished">Clip nicht beurteilbar …</translation>
    </message>
    <message>
        <source>pause</source>
        <translation type="unfinished">anhalten</translation>
    </message>
    <message>
        <source>continue without it</source>
        <translation type="unfinished">ohne ihn fortfahren</translation>
    </message>
    <message>
        <source>back</source>
        <translation type="unfinished">zurück</translation>
    </message>
    <message>
        <source>trace it again</source>
        <translation type="unfinished">neu aufzeichnen</translation>
    </message>
    <message>
        <source>watch it</source>
        <translation type="unfinished">ansehen</translation>
    </message>
    <message>
        <source>continue</source>
        <translation type="unfinished">weiter</translation>
    </message>
    <message>
        <source>from the beginning</source>
        <translation type="unfinished">von Anfang an</translation>
    </message>
    <message>
        <source>stop</source>
        <translation type="unfinished">aufhören</translation>
    </message>
    <message>
        <source>keep it</source>
        <translation type="unfinished">behalten</translation>
    </message>
    <message>
        <source>one frame</source>
        <translation type="unfinished">ein Bild</translation>
    </message>
    <message>
        <source>Continue without a trace of this clip? Press Enter to continue, Esc to go back.</source>
        <translation type="unfinished">Ohne einen Verlauf dieses Clips fortfahren? Enter fährt fort, Esc geht zurück.</translation>
    </message>
    <message>
        <source>Move the mouse onto this field, then press Enter</source>
        <translation type="unfinished">Bewegen Sie die Maus auf dieses Feld und drücken Sie dann Enter</translation>
    </message>
    <message>
        <source>the arrow keys move the marker</source>
        <translation type="unfinished">die Pfeiltasten bewegen die Marke</translation>
    </message>
    <message>
        <source>the stick moves the marker</source>
        <translation type="unfinished">der Stick bewegt die Marke</translation>
    </message>
    <message>
        <source>Press Enter to start: {moves}</source>
        <translation type="unfinished">Enter startet: {moves}</translation>
    </message>
    <message>
        <source>move the marker</source>
        <translation type="unfinished">Marke bewegen</translation>
    </message>
    <message>
        <source>what the stick sets</source>
        <translation type="unfinished">was der Stick bestimmt</translation>
    </message>
    <message>
        <source>as Enter</source>
        <translation type="unfinished">wie Enter</translation>
    </message>
    <message>
        <source>Nothing to judge yet</source>
        <translation type="unfinished">Noch nichts zu beurteilen</translation>
    </message>
    <message>
        <source>Open a project that holds a study, or the folder you were given to rate.</source>
        <translation type="unfinished">Öffnen Sie ein Projekt, das eine Studie enthält, oder den Ordner, den Sie zum Bewerten bekommen haben.</translation>
    </message>
    <message>
        <source>New project…</source>
        <translation type="unfinished">Neues Projekt…</translation>
    </message>
    <message>
        <source>This project has no study yet</source>
        <translation type="unfinished">Dieses Projekt hat noch keine Studie</translation>
    </message>
    <message>
        <source>A study says who judges which clips and how they are shown. Start judging everything here now, or set up a study first.</source>
        <translation type="unfinished">Eine Studie legt fest, wer welche Clips beurteilt und wie sie gezeigt werden. Beginnen Sie hier gleich mit dem Beurteilen von allem, oder richten Sie zuerst eine Studie ein.</translation>
    </message>
    <message>
        <source>Judge everything here now</source>
        <translation type="unfinished">Hier gleich alles beurteilen</translation>
    </message>
    <message>
        <source>Set up a study</source>
        <translation type="unfinished">Studie einrichten</translation>
    </message>
    <message>
        <source>No clips have been assigned yet</source>
        <translation type="unfinished">Noch sind keine Clips zugewiesen</translation>
    </message>
    <message>
        <source>Add raters to the study and assign the clips.</source>
        <translation type="unfinished">Fügen Sie der Studie Beurteiler hinzu und weisen Sie die Clips zu.</translation>
    </message>
    <message>
        <source>Add raters</source>
        <translation type="unfinished">Beurteiler hinzufügen</translation>
    </message>
    <message>
        <source>Signing in did not work.</source>
        <translation type="unfinished">Die Anmeldung ist fehlgeschlagen.</translation>
    </message>
    <message>
        <source>Void: it counts as missing. Restore an earlier revision, or give new values.</source>
        <translation type="unfinished">Ungültig: zählt als fehlend. Holen Sie eine frühere Revision zurück oder geben Sie neue Werte ein.</translation>
    </message>
    <message>
        <source>This is practice: it is only shown, never analysed or changed.</source>
        <translation type="unfinished">Das ist Übung: Sie wird nur gezeigt, nie ausgewertet oder geändert.</translation>
    </message>
    <message>
        <source>This is an attention check: it is only shown, never analysed or changed.</source>
        <translation type="unfinished">Das ist ein Aufmerksamkeitstest: Er wird nur gezeigt, nie ausgewertet oder geändert.</translation>
    </message>
    <message>
        <source>Not saved yet: Ctrl+S saves it, Esc discards it.</source>
        <translation type="unfinished">Noch nicht gespeichert: Ctrl+S speichert es, Esc verwirft es.</translation>
    </message>
    <message>
        <source>List</source>
        <translation type="unfinished">Liste</translation>
    </message>
    <message>
        <source>Back to the list (Esc)</source>
        <translation type="unfinished">Zurück zur Liste (Esc)</translation>
    </message>
    <message>
        <source>This item in all its viewing conditions, with every rater&apos;s points</source>
        <translation type="unfinished">Dieses Item in allen seinen Bedingungen, mit den Punkten aller Beurteiler</translation>
    </message>
    <message>
        <source>Play or pause (Ctrl+Space)</source>
        <translation type="unfinished">Abspielen oder anhalten (Ctrl+Space)</translation>
    </message>
    <message>
        <source>From the beginning</source>
        <translation type="unfinished">Von Anfang an</translation>
    </message>
    <message>
        <source>Answer and its revisions</source>
        <translation type="unfinished">Antwort und ihre Revisionen</translation>
    </message>
    <message>
        <source>Why? Every change needs a reason</source>
        <translation type="unfinished">Warum? Jede Änderung braucht einen Grund</translation>
    </message>
    <message>
        <source>Reason for the change</source>
        <translation type="unfinished">Grund der Änderung</translation>
    </message>
    <message>
        <source>Save correction</source>
        <translation type="unfinished">Berichtigung speichern</translation>
    </message>
    <message>
        <source>As a new revision (Ctrl+S)</source>
        <translation type="unfinished">Als neue Revision (Ctrl+S)</translation>
    </message>
    <message>
        <source>Discard unsaved changes (Esc)</source>
        <translation type="unfinished">Nicht gespeicherte Änderungen verwerfen (Esc)</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation type="unfinished">Zurückholen</translation>
    </message>
    <message>
        <source>Void</source>
        <translation type="unfinished">Ungültig</translation>
    </message>
    <message>
        <source>The answer stays, but counts as missing (Ctrl+Delete)</source>
        <translation type="unfinished">Die Antwort bleibt, zählt aber als fehlend (Ctrl+Delete)</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation type="unfinished">Antwort</translation>
    </message>
    <message>
        <source>Revisions ({count})</source>
        <translation type="unfinished">Revisionen ({count})</translation>
    </message>
    <message>
        <source>Revisions</source>
        <translation type="unfinished">Revisionen</translation>
    </message>
    <message>
        <source>Say in a few words why, then press Enter. It is stored with the change for good.</source>
        <translation type="unfinished">Sagen Sie in wenigen Worten, warum, und drücken Sie dann Enter. Es wird dauerhaft mit der Änderung gespeichert.</translation>
    </message>
    <message>
        <source>Save note</source>
        <translation type="unfinished">Notiz speichern</translation>
    </message>
    <message>
        <source>Restore revision {chosen}</source>
        <translation type="unfinished">Revision {chosen} zurückholen</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation type="unfinished">Ablehnen</translation>
    </message>
    <message>
        <source>Accept again</source>
        <translation type="unfinished">Wieder annehmen</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation type="unfinished">Annehmen</translation>
    </message>
    <message>
        <source>{condition} (no longer in the study)</source>
        <translation type="unfinished">{condition} (nicht mehr in der Studie)</translation>
    </message>
    <message>
        <source>pass {pass_no}</source>
        <translation type="unfinished">Durchgang {pass_no}</translation>
    </message>
    <message>
        <source>All answers, raw</source>
        <translation type="unfinished">Alle Antworten, roh</translation>
    </message>
    <message>
        <source>Ratings, categories, traces and presentations as tidy CSV with a data dictionary, into a folder.</source>
        <translation type="unfinished">Bewertungen, Kategorien, Verläufe und Darbietungen als Tidy-CSV mit einem Datenwörterbuch, in einen Ordner.</translation>
    </message>
    <message>
        <source>Export all answers into a folder</source>
        <translation type="unfinished">Alle Antworten in einen Ordner exportieren</translation>
    </message>
    <message>
        <source>Not everything was exported: {problems}</source>
        <translation type="unfinished">Nicht alles wurde exportiert: {problems}</translation>
    </message>
    <message>
        <source>Exported {tables} into {name}.</source>
        <translation type="unfinished">{tables} nach {name} exportiert.</translation>
    </message>
    <message>
        <source>table</source>
        <translation type="unfinished">Tabelle</translation>
    </message>
    <message>
        <source>tables</source>
        <translation type="unfinished">Tabellen</translation>
    </message>
    <message>
        <source>Exporting answers</source>
        <translation type="unfinished">Antworten werden exportiert</translation>
    </message>
    <message>
        <source>Rev.</source>
        <translation type="unfinished">Rev.</translation>
    </message>
    <message>
        <source>When</source>
        <translation type="unfinished">Wann</translation>
    </message>
    <message>
        <source>What changed</source>
        <translation type="unfinished">Änderung</translation>
    </message>
    <message>
        <source>Why</source>
        <translation type="unfinished">Warum</translation>
    </message>
    <message>
        <source>as in revision {revision}</source>
        <translation type="unfinished">wie in Revision {revision}</translation>
    </message>
    <message>
        <source>every emotion → {value}</source>
        <translation type="unfinished">jede Emotion → {value}</translation>
    </message>
    <message>
        <source>category {before} → {after}</source>
        <translation type="unfinished">Kategorie {before} → {after}</translation>
    </message>
    <message>
        <source>sure {before} → {after}</source>
        <translation type="unfinished">sicher {before} → {after}</translation>
    </message>
    <message>
        <source>the same again</source>
        <translation type="unfinished">nochmals dasselbe</translation>
    </message>
    <message>
        <source>Clip or rater</source>
        <translation type="unfinished">Clip oder Beurteiler</translation>
    </message>
    <message>
        <source>Find a clip or a rater</source>
        <translation type="unfinished">Clip oder Beurteiler suchen</translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished">Zustand</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation type="unfinished">Alle zeigen</translation>
    </message>
    <message>
        <source>Voids them in one step, with a reason; this can be undone</source>
        <translation type="unfinished">Erklärt sie in einem Schritt für ungültig, mit Angabe eines Grundes; das lässt sich rückgängig machen</translation>
    </message>
    <message>
        <source>All raters</source>
        <translation type="unfinished">Alle Beurteiler</translation>
    </message>
    <message>
        <source>Any condition</source>
        <translation type="unfinished">Jede Bedingung</translation>
    </message>
    <message>
        <source>Void {never} never shown…</source>
        <translation type="unfinished">{never} nie gezeigte ungültig…</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation type="unfinished">Antworten</translation>
    </message>
    <message>
        <source>{shown} of {total}</source>
        <translation type="unfinished">{shown} von {total}</translation>
    </message>
    <message>
        <source>answer or trace</source>
        <translation type="unfinished">Antwort oder Verlauf</translation>
    </message>
    <message>
        <source>answers and traces</source>
        <translation type="unfinished">Antworten und Verläufe</translation>
    </message>
    <message>
        <source>Ratings, traces</source>
        <translation type="unfinished">Bewertungen, Verläufe</translation>
    </message>
    <message>
        <source>Practice and attention checks</source>
        <translation type="unfinished">Übungen und Aufmerksamkeitsprüfungen</translation>
    </message>
    <message>
        <source>Any state</source>
        <translation type="unfinished">Jeder Zustand</translation>
    </message>
    <message>
        <source>As given</source>
        <translation type="unfinished">Wie gegeben</translation>
    </message>
    <message>
        <source>Something missing or flagged</source>
        <translation type="unfinished">Etwas fehlt oder ist auffällig</translation>
    </message>
    <message>
        <source>With a comment or note</source>
        <translation type="unfinished">Mit Kommentar oder Notiz</translation>
    </message>
    <message>
        <source>Corrected by the rater</source>
        <translation type="unfinished">Vom Beurteiler berichtigt</translation>
    </message>
    <message>
        <source>Corrected by a reviewer</source>
        <translation type="unfinished">Von einem Prüfer berichtigt</translation>
    </message>
    <message>
        <source>Never shown</source>
        <translation type="unfinished">Nie gezeigt</translation>
    </message>
    <message>
        <source>Void or rejected</source>
        <translation type="unfinished">Ungültig oder abgelehnt</translation>
    </message>
    <message>
        <source>Check failed</source>
        <translation type="unfinished">Prüfung nicht bestanden</translation>
    </message>
    <message>
        <source>Given unblinded</source>
        <translation type="unfinished">Unverblindet gegeben</translation>
    </message>
    <message>
        <source>Add a reviewer</source>
        <translation type="unfinished">Prüfer hinzufügen</translation>
    </message>
    <message>
        <source>Code (not the person&apos;s name)</source>
        <translation type="unfinished">Kürzel (nicht der Name der Person)</translation>
    </message>
    <message>
        <source>PIN of {code} (may be left empty)</source>
        <translation type="unfinished">PIN von {code} (darf leer bleiben)</translation>
    </message>
    <message>
        <source>{code} may look through the answers now.</source>
        <translation type="unfinished">{code} darf die Antworten jetzt durchsehen.</translation>
    </message>
    <message>
        <source>Next answer</source>
        <translation type="unfinished">Nächste Antwort</translation>
    </message>
    <message>
        <source>Previous answer</source>
        <translation type="unfinished">Vorige Antwort</translation>
    </message>
    <message>
        <source>Find answers</source>
        <translation type="unfinished">Antworten suchen</translation>
    </message>
    <message>
        <source>Export all answers…</source>
        <translation type="unfinished">Alle Antworten exportieren…</translation>
    </message>
    <message>
        <source>Ratings, categories, traces and presentations of all raters as tidy CSV with a data dictionary, into a folder.</source>
        <translation type="unfinished">Bewertungen, Kategorien, Verläufe und Darbietungen aller Beurteiler als Tidy-CSV mit einem Datenwörterbuch, in einen Ordner.</translation>
    </message>
    <message>
        <source>raw ratings csv data dictionary download save</source>
        <translation type="unfinished">rohe bewertungen csv datenwörterbuch herunterladen speichern</translation>
    </message>
    <message>
        <source>Play or pause the clip</source>
        <translation type="unfinished">Clip abspielen oder anhalten</translation>
    </message>
    <message>
        <source>As the rater saw it: the same part, face and sound.</source>
        <translation type="unfinished">Wie der Beurteiler ihn sah: derselbe Teil, dasselbe Gesicht und derselbe Ton.</translation>
    </message>
    <message>
        <source>As a new revision with your code and the reason; nothing is overwritten.</source>
        <translation type="unfinished">Als neue Revision mit Ihrem Kürzel und dem Grund; nichts wird überschrieben.</translation>
    </message>
    <message>
        <source>Void or reject</source>
        <translation type="unfinished">Ungültig machen oder ablehnen</translation>
    </message>
    <message>
        <source>The answer or trace stays, but counts as missing.</source>
        <translation type="unfinished">Die Antwort oder der Verlauf bleibt, zählt aber als fehlend.</translation>
    </message>
    <message>
        <source>Restore the chosen revision</source>
        <translation type="unfinished">Die gewählte Revision zurückholen</translation>
    </message>
    <message>
        <source>An earlier revision counts again, as a new revision; a rejected trace is accepted again.</source>
        <translation type="unfinished">Eine frühere Revision zählt wieder, als neue Revision; ein abgelehnter Verlauf wird wieder angenommen.</translation>
    </message>
    <message>
        <source>Look through raters&apos; answers and correct them, for reviewers and owners</source>
        <translation type="unfinished">Antworten der Beurteiler durchsehen und berichtigen, für Prüfer und Eigentümer</translation>
    </message>
    <message>
        <source>sign in correct review revisions void owner reviewer</source>
        <translation type="unfinished">anmelden berichtigen durchsicht revisionen ungültig eigentümer prüfer</translation>
    </message>
    <message>
        <source>The trace over time</source>
        <translation type="unfinished">Der Verlauf über die Zeit</translation>
    </message>
    <message>
        <source>Note on this trace</source>
        <translation type="unfinished">Notiz zu diesem Verlauf</translation>
    </message>
    <message>
        <source>Answers are stored in a project, beside their study.</source>
        <translation type="unfinished">Antworten werden in einem Projekt gespeichert, neben ihrer Studie.</translation>
    </message>
    <message>
        <source>Merge it into the project that it was made from. Answers are looked through there.</source>
        <translation type="unfinished">Führen Sie es mit dem Projekt zusammen, aus dem es stammt. Dort werden die Antworten durchgesehen.</translation>
    </message>
    <message>
        <source>Nobody has answered yet</source>
        <translation type="unfinished">Noch hat niemand geantwortet</translation>
    </message>
    <message>
        <source>What raters have judged is shown here.</source>
        <translation type="unfinished">Was Beurteiler beurteilt haben, wird hier gezeigt.</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation type="unfinished">Abmelden</translation>
    </message>
    <message>
        <source>Afterwards, changes can no longer be undone, but earlier revisions can be restored</source>
        <translation type="unfinished">Danach lassen sich Änderungen nicht mehr rückgängig machen, aber frühere Revisionen zurückholen</translation>
    </message>
    <message>
        <source>Add reviewer…</source>
        <translation type="unfinished">Prüfer hinzufügen…</translation>
    </message>
    <message>
        <source>Let somebody else look through answers</source>
        <translation type="unfinished">Jemand anderen die Antworten durchsehen lassen</translation>
    </message>
    <message>
        <source>A corrected answer is not saved.</source>
        <translation type="unfinished">Eine berichtigte Antwort ist nicht gespeichert.</translation>
    </message>
    <message>
        <source>Undo {value} (Ctrl+Z)</source>
        <translation type="unfinished">{value} rückgängig machen (Ctrl+Z)</translation>
    </message>
    <message>
        <source>Redo {value} (Ctrl+Shift+Z)</source>
        <translation type="unfinished">{value} wiederholen (Ctrl+Shift+Z)</translation>
    </message>
    <message>
        <source>They judge what was never shown. The reason is stored with each of them for good:</source>
        <translation type="unfinished">Sie beurteilen, was nie gezeigt wurde. Der Grund wird dauerhaft mit jeder von ihnen gespeichert:</translation>
    </message>
    <message>
        <source>Void answers to what was never shown</source>
        <translation type="unfinished">Antworten auf nie Gezeigtes für ungültig erklären</translation>
    </message>
    <message>
        <source>It was never shown.</source>
        <translation type="unfinished">Es wurde nie gezeigt.</translation>
    </message>
    <message>
        <source>as given</source>
        <translation type="unfinished">wie gegeben</translation>
    </message>
    <message>
        <source>corrected by rater</source>
        <translation type="unfinished">vom Beurteiler berichtigt</translation>
    </message>
    <message>
        <source>corrected by a reviewer</source>
        <translation type="unfinished">von einem Prüfer berichtigt</translation>
    </message>
    <message>
        <source>broken off</source>
        <translation type="unfinished">abgebrochen</translation>
    </message>
    <message>
        <source>given again</source>
        <translation type="unfinished">nochmals gegeben</translation>
    </message>
    <message>
        <source>Rejected: this trace does not count. </source>
        <translation type="unfinished">Abgelehnt: Dieser Verlauf zählt nicht. </translation>
    </message>
    <message>
        <source>It measures reaction time and does not count as a judgement. </source>
        <translation type="unfinished">Misst die Reaktionszeit und zählt nicht als Urteil. </translation>
    </message>
    <message>
        <source>Given for practice or as an attention check: it does not count. </source>
        <translation type="unfinished">Zur Übung oder als Aufmerksamkeitsprüfung gegeben: zählt nicht. </translation>
    </message>
    <message>
        <source>It is being recorded. </source>
        <translation type="unfinished">Wird gerade aufgezeichnet. </translation>
    </message>
    <message>
        <source>Interrupted: it does not count until it is accepted. </source>
        <translation type="unfinished">Unterbrochen: zählt erst, wenn angenommen. </translation>
    </message>
    <message>
        <source>The rater gave it again. </source>
        <translation type="unfinished">Vom Beurteiler nochmals gegeben. </translation>
    </message>
    <message>
        <source>The rater said afterwards that this cannot be judged: it does not count. </source>
        <translation type="unfinished">Der Beurteiler sagte danach, dies sei nicht beurteilbar: zählt nicht. </translation>
    </message>
    <message>
        <source>Nothing was traced: it does not count. </source>
        <translation type="unfinished">Es wurde nichts aufgezeichnet: zählt nicht. </translation>
    </message>
    <message>
        <source>choose</source>
        <translation type="unfinished">wählen</translation>
    </message>
    <message>
        <source>save</source>
        <translation type="unfinished">speichern</translation>
    </message>
    <message>
        <source>void</source>
        <translation type="unfinished">ungültig</translation>
    </message>
    <message>
        <source>undo</source>
        <translation type="unfinished">rückgängig</translation>
    </message>
    <message>
        <source>find</source>
        <translation type="unfinished">suchen</translation>
    </message>
    <message>
        <source>never shown</source>
        <translation type="unfinished">nie gezeigt</translation>
    </message>
    <message>
        <source>, {n_missing} missing</source>
        <translation type="unfinished">, {n_missing} fehlend</translation>
    </message>
    <message>
        <source>, {n_missing} flagged</source>
        <translation type="unfinished">, {n_missing} auffällig</translation>
    </message>
    <message>
        <source>It is not known how it was shown ({imported}).</source>
        <translation type="unfinished">Wie es gezeigt wurde, ist nicht bekannt ({imported}).</translation>
    </message>
    <message>
        <source>{plays} times</source>
        <translation type="unfinished">{plays}-mal</translation>
    </message>
    <message>
        <source>Shown {moment}, played {times}</source>
        <translation type="unfinished">Gezeigt {moment}, abgespielt {times}</translation>
    </message>
    <message>
        <source>, {frames_dropped} dropped</source>
        <translation type="unfinished">, {frames_dropped} ausgefallen</translation>
    </message>
    <message>
        <source>with sound</source>
        <translation type="unfinished">mit Ton</translation>
    </message>
    <message>
        <source>sound was wanted, but none came out</source>
        <translation type="unfinished">Ton war vorgesehen, aber es kam keiner</translation>
    </message>
    <message>
        <source>no sound wanted</source>
        <translation type="unfinished">kein Ton vorgesehen</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation type="unfinished">Kamera</translation>
    </message>
    <message>
        <source>Picture size</source>
        <translation type="unfinished">Bildgröße</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation type="unfinished">Spiegeln</translation>
    </message>
    <message>
        <source>Shows the picture as a mirror does; the analysed and recorded picture is not mirrored</source>
        <translation type="unfinished">Zeigt das Bild wie ein Spiegel; das analysierte und aufgenommene Bild ist nicht gespiegelt</translation>
    </message>
    <message>
        <source>Record</source>
        <translation type="unfinished">Aufnehmen</translation>
    </message>
    <message>
        <source>Record into the open project (R)</source>
        <translation type="unfinished">In das geöffnete Projekt aufnehmen (R)</translation>
    </message>
    <message>
        <source>Start or stop the camera (Space)</source>
        <translation type="unfinished">Kamera starten oder anhalten (Space)</translation>
    </message>
    <message>
        <source>No camera found</source>
        <translation type="unfinished">Keine Kamera gefunden</translation>
    </message>
    <message>
        <source>A clip in its place…</source>
        <translation type="unfinished">Ein Clip statt ihrer…</translation>
    </message>
    <message>
        <source>A clip in place of a camera</source>
        <translation type="unfinished">Ein Clip statt einer Kamera</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished">Anhalten</translation>
    </message>
    <message>
        <source>End recording</source>
        <translation type="unfinished">Aufnahme beenden</translation>
    </message>
    <message>
        <source>Open or make a project first; a recording becomes one of its clips</source>
        <translation type="unfinished">Öffnen oder erstellen Sie zuerst ein Projekt; eine Aufnahme wird einer seiner Clips</translation>
    </message>
    <message>
        <source>Calibrate gaze…</source>
        <translation type="unfinished">Blick kalibrieren…</translation>
    </message>
    <message>
        <source>Follow points on the screen with your eyes, for a minute and a half</source>
        <translation type="unfinished">Eineinhalb Minuten lang Punkten auf dem Bildschirm mit den Augen folgen</translation>
    </message>
    <message>
        <source>Calibrate the direction of the eyes</source>
        <translation type="unfinished">Blickrichtung kalibrieren</translation>
    </message>
    <message>
        <source>The gaze is calibrated. In the check it was off by {x} of the width and {y} of the height.</source>
        <translation type="unfinished">Der Blick ist kalibriert. In der Probe lag er um {x} der Breite und {y} der Höhe daneben.</translation>
    </message>
    <message>
        <source>Recordings keep it as curves until the camera stops.</source>
        <translation type="unfinished">Aufnahmen behalten ihn als Kurven, bis die Kamera anhält.</translation>
    </message>
    <message>
        <source>Gaze x</source>
        <translation type="unfinished">Blick x</translation>
    </message>
    <message>
        <source>Gaze y</source>
        <translation type="unfinished">Blick y</translation>
    </message>
    <message>
        <source>Sit as you will sit during the recording, with the camera in front of you. Follow the point with your eyes, and hold your head still. It takes {places} minutes.

Space begins. Esc leaves, and nothing is kept.</source>
        <translation type="unfinished">Sitzen Sie so, wie Sie während der Aufnahme sitzen werden, mit der Kamera vor sich. Folgen Sie dem Punkt mit den Augen und halten Sie den Kopf still. Es dauert {places} Minuten.

Space beginnt. Esc bricht ab, und nichts wird behalten.</translation>
    </message>
    <message>
        <source>Calibrating the direction of the eyes</source>
        <translation type="unfinished">Kalibrierung der Blickrichtung</translation>
    </message>
    <message>
        <source>Points to look at</source>
        <translation type="unfinished">Anzusehende Punkte</translation>
    </message>
    <message>
        <source>Start or stop the camera</source>
        <translation type="unfinished">Kamera starten oder anhalten</translation>
    </message>
    <message>
        <source>The camera is on only while this screen is open.</source>
        <translation type="unfinished">Die Kamera ist nur an, solange diese Ansicht offen ist.</translation>
    </message>
    <message>
        <source>Record the camera, or end the recording</source>
        <translation type="unfinished">Kamera aufnehmen oder Aufnahme beenden</translation>
    </message>
    <message>
        <source>A recording becomes a clip of the open project.</source>
        <translation type="unfinished">Eine Aufnahme wird ein Clip des geöffneten Projekts.</translation>
    </message>
    <message>
        <source>Calibrate the direction of the eyes…</source>
        <translation type="unfinished">Blickrichtung kalibrieren…</translation>
    </message>
    <message>
        <source>Follow points on the screen with your eyes. From then on the program says where on the screen you look.</source>
        <translation type="unfinished">Folgen Sie Punkten auf dem Bildschirm mit den Augen. Danach sagt das Programm, wohin auf dem Bildschirm Sie blicken.</translation>
    </message>
    <message>
        <source>Look for cameras again</source>
        <translation type="unfinished">Erneut nach Kameras suchen</translation>
    </message>
    <message>
        <source>Use a clip in place of a camera…</source>
        <translation type="unfinished">Clip statt einer Kamera verwenden…</translation>
    </message>
    <message>
        <source>Watch a camera live, and record it</source>
        <translation type="unfinished">Eine Kamera live ansehen und aufnehmen</translation>
    </message>
    <message>
        <source>webcam live record</source>
        <translation type="unfinished">webcam live aufnehmen</translation>
    </message>
    <message>
        <source>There is no project to record into.</source>
        <translation type="unfinished">Es gibt kein Projekt, in das aufgenommen werden kann.</translation>
    </message>
    <message>
        <source>Open or make a project and start the camera first.</source>
        <translation type="unfinished">Öffnen oder erstellen Sie zuerst ein Projekt und starten Sie die Kamera.</translation>
    </message>
    <message>
        <source>, {missed} missed</source>
        <translation type="unfinished">, {missed} verpasst</translation>
    </message>
    <message>
        <source>The recording ({facts}) was kept as {path}.</source>
        <translation type="unfinished">Die Aufnahme ({facts}) wurde als {path} behalten.</translation>
    </message>
    <message>
        <source>Add it to a project with the File menu.</source>
        <translation type="unfinished">Fügen Sie sie über das Menü Datei einem Projekt hinzu.</translation>
    </message>
    <message>
        <source>{name} ({facts}) is now a clip of the project{gaps}.</source>
        <translation type="unfinished">{name} ({facts}) ist jetzt ein Clip des Projekts{gaps}.</translation>
    </message>
    <message>
        <source>, with {gaps}</source>
        <translation type="unfinished">, mit {gaps}</translation>
    </message>
    <message>
        <source>Review shows it, Analyse keeps its curves.</source>
        <translation type="unfinished">Durchsicht zeigt ihn, Analysieren behält seine Kurven.</translation>
    </message>
    <message>
        <source>Keeping the recording</source>
        <translation type="unfinished">Aufnahme wird gesichert</translation>
    </message>
    <message>
        <source>Valence and arousal of the last half minute</source>
        <translation type="unfinished">Valenz und Arousal der letzten halben Minute</translation>
    </message>
    <message>
        <source>No face has been seen.</source>
        <translation type="unfinished">Es wurde kein Gesicht gesehen.</translation>
    </message>
    <message>
        <source>No face in sight.</source>
        <translation type="unfinished">Kein Gesicht in Sicht.</translation>
    </message>
    <message>
        <source>This face is not measured: it is too small, or its mesh is not found.</source>
        <translation type="unfinished">Dieses Gesicht wird nicht vermessen: Es ist zu klein, oder sein Netz wird nicht gefunden.</translation>
    </message>
    <message>
        <source>Connect one and look again. On Linux your account must be in the group “video”; on macOS and Windows the privacy settings must allow it. A clip can take its place.</source>
        <translation type="unfinished">Schließen Sie eine an und suchen Sie erneut. Unter Linux muss Ihr Konto in der Gruppe „video“ sein; unter macOS und Windows müssen die Datenschutzeinstellungen es erlauben. Ein Clip kann ihren Platz einnehmen.</translation>
    </message>
    <message>
        <source>What is read in the face now</source>
        <translation type="unfinished">Was jetzt im Gesicht gelesen wird</translation>
    </message>
    <message>
        <source>Head pose, eyes and movements, relative to the face&apos;s last half minute</source>
        <translation type="unfinished">Kopfhaltung, Augen und Bewegungen, relativ zur letzten halben Minute des Gesichts</translation>
    </message>
    <message>
        <source>Start the camera</source>
        <translation type="unfinished">Kamera starten</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation type="unfinished">Erneut suchen</translation>
    </message>
    <message>
        <source>Use a clip…</source>
        <translation type="unfinished">Clip verwenden…</translation>
    </message>
    <message>
        <source>The camera is off</source>
        <translation type="unfinished">Die Kamera ist aus</translation>
    </message>
    <message>
        <source>No camera was found</source>
        <translation type="unfinished">Keine Kamera gefunden</translation>
    </message>
    <message>
        <source>The camera was lost</source>
        <translation type="unfinished">Kamera getrennt</translation>
    </message>
    <message>
        <source>Last half minute</source>
        <translation type="unfinished">Letzte halbe Minute</translation>
    </message>
    <message>
        <source>This moment</source>
        <translation type="unfinished">Dieser Moment</translation>
    </message>
    <message>
        <source>{fps} pictures/s</source>
        <translation type="unfinished">{fps} Bilder/s</translation>
    </message>
    <message>
        <source>shown after {shown_ms} ms{skipped}</source>
        <translation type="unfinished">nach {shown_ms} ms gezeigt{skipped}</translation>
    </message>
    <message>
        <source>predicted after {latency_ms} ms{skipped}</source>
        <translation type="unfinished">nach {latency_ms} ms vorhergesagt{skipped}</translation>
    </message>
    <message>
        <source>Opening {label} …</source>
        <translation type="unfinished">{label} wird geöffnet …</translation>
    </message>
    <message>
        <source>Opening the camera …</source>
        <translation type="unfinished">Kamera wird geöffnet …</translation>
    </message>
    <message>
        <source>The camera is off.</source>
        <translation type="unfinished">Die Kamera ist aus.</translation>
    </message>
    <message>
        <source>{label} is on only while this screen is shown.</source>
        <translation type="unfinished">{label} ist nur an, solange diese Ansicht gezeigt wird.</translation>
    </message>
    <message>
        <source> ({count} skipped)</source>
        <translation type="unfinished"> ({count} übersprungen)</translation>
    </message>
    <message>
        <source>as the file says</source>
        <translation type="unfinished">wie die Datei sagt</translation>
    </message>
    <message>
        <source>leave it out</source>
        <translation type="unfinished">weglassen</translation>
    </message>
    <message>
        <source>code</source>
        <translation type="unfinished">Kürzel</translation>
    </message>
    <message>
        <source>Dimension</source>
        <translation type="unfinished">Dimension</translation>
    </message>
    <message>
        <source>such as happy</source>
        <translation type="unfinished">etwa happy</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation type="unfinished">Skala</translation>
    </message>
    <message>
        <source>such as 0:100</source>
        <translation type="unfinished">etwa 0:100</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation type="unfinished">Anwenden</translation>
    </message>
    <message>
        <source>Read the files again with these names</source>
        <translation type="unfinished">Die Dateien mit diesen Namen erneut lesen</translation>
    </message>
    <message>
        <source>What the names in {file} mean. An empty field keeps the meaning that the file states.</source>
        <translation type="unfinished">Was die Namen in {file} bedeuten. Ein leeres Feld behält die Bedeutung, die die Datei angibt.</translation>
    </message>
    <message>
        <source>Exchange</source>
        <translation type="unfinished">Austausch</translation>
    </message>
    <message>
        <source>Bring in files of other tools, such as ELAN, NOVA, CARMA or MuSe</source>
        <translation type="unfinished">Dateien anderer Werkzeuge wie ELAN, NOVA, CARMA oder MuSe übernehmen</translation>
    </message>
    <message>
        <source>import elan eaf nova carma darma muse boris label studio csv excel ratings traces drop other tools</source>
        <translation type="unfinished">importieren elan eaf nova carma darma muse boris label studio csv excel bewertungen verläufe ablegen andere werkzeuge</translation>
    </message>
    <message>
        <source>Import of {files}</source>
        <translation type="unfinished">Import von {files}</translation>
    </message>
    <message>
        <source>Times</source>
        <translation type="unfinished">Zeiten</translation>
    </message>
    <message>
        <source>Comes in</source>
        <translation type="unfinished">Übernommen</translation>
    </message>
    <message>
        <source>Drop files or folders of ELAN, NOVA, CARMA, DARMA, MuSe, BORIS, Label Studio and other tools here, or tables of ratings. Their kind is recognised from their content, and nothing is stored until you confirm it.</source>
        <translation type="unfinished">Ziehen Sie Dateien oder Ordner von ELAN, NOVA, CARMA, DARMA, MuSe, BORIS, Label Studio und anderen Werkzeugen hierher, oder Tabellen mit Bewertungen. Ihre Art wird am Inhalt erkannt, und nichts wird gespeichert, bevor Sie es bestätigen.</translation>
    </message>
    <message>
        <source>Files of other tools</source>
        <translation type="unfinished">Dateien anderer Werkzeuge</translation>
    </message>
    <message>
        <source>Choose files…</source>
        <translation type="unfinished">Dateien wählen…</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation type="unfinished">Ordner wählen…</translation>
    </message>
    <message>
        <source>What will come in</source>
        <translation type="unfinished">Was übernommen wird</translation>
    </message>
    <message>
        <source>How the files were read, and what was not read</source>
        <translation type="unfinished">Wie die Dateien gelesen wurden und was nicht gelesen wurde</translation>
    </message>
    <message>
        <source>The study to which the labels belong; it is made if it does not exist</source>
        <translation type="unfinished">Die Studie, zu der die Labels gehören; sie wird angelegt, falls es sie nicht gibt</translation>
    </message>
    <message>
        <source>How the clips were shown when the labels were given</source>
        <translation type="unfinished">Wie die Clips gezeigt wurden, als die Labels vergeben wurden</translation>
    </message>
    <message>
        <source>More files…</source>
        <translation type="unfinished">Weitere Dateien…</translation>
    </message>
    <message>
        <source>Names from a table…</source>
        <translation type="unfinished">Namen aus Tabelle…</translation>
    </message>
    <message>
        <source>A CSV file with the columns what, from and to</source>
        <translation type="unfinished">Eine CSV-Datei mit den Spalten what, from und to</translation>
    </message>
    <message>
        <source>Forget these files; nothing was stored</source>
        <translation type="unfinished">Diese Dateien vergessen; nichts wurde gespeichert</translation>
    </message>
    <message>
        <source>Take back the last import</source>
        <translation type="unfinished">Letzten Import zurücknehmen</translation>
    </message>
    <message>
        <source>Remove everything that it stored</source>
        <translation type="unfinished">Alles entfernen, was er gespeichert hat</translation>
    </message>
    <message>
        <source>Widen the study</source>
        <translation type="unfinished">Studie erweitern</translation>
    </message>
    <message>
        <source>Add the emotions, categories, conditions and scores that the study does not have. Tick it only if they are no slips: it can be taken back with the import</source>
        <translation type="unfinished">Die Emotionen, Kategorien, Bedingungen und Werte hinzufügen, die die Studie nicht hat. Haken Sie es nur an, wenn es keine Versehen sind: Es lässt sich mit dem Import zurücknehmen</translation>
    </message>
    <message>
        <source>Import</source>
        <translation type="unfinished">Importieren</translation>
    </message>
    <message>
        <source>Store what the preview shows, in one step</source>
        <translation type="unfinished">Speichern, was die Vorschau zeigt, in einem Schritt</translation>
    </message>
    <message>
        <source>Tool to write for</source>
        <translation type="unfinished">Zielwerkzeug</translation>
    </message>
    <message>
        <source>Write for this tool…</source>
        <translation type="unfinished">Für dieses schreiben…</translation>
    </message>
    <message>
        <source>Write the project&apos;s labels into a folder, in this tool&apos;s format</source>
        <translation type="unfinished">Die Labels des Projekts im Format dieses Werkzeugs in einen Ordner schreiben</translation>
    </message>
    <message>
        <source>Other names</source>
        <translation type="unfinished">Andere Namen</translation>
    </message>
    <message>
        <source>Raters and clips get names of this export only, in the files and in the names of the files</source>
        <translation type="unfinished">Beurteiler und Clips bekommen Namen nur für diesen Export, in den Dateien und in den Dateinamen</translation>
    </message>
    <message>
        <source>For other tools</source>
        <translation type="unfinished">Für andere Werkzeuge</translation>
    </message>
    <message>
        <source>Reading files of other tools</source>
        <translation type="unfinished">Dateien anderer Werkzeuge werden gelesen</translation>
    </message>
    <message>
        <source>No: {what} {todo}</source>
        <translation type="unfinished">Nein: {what} {todo}</translation>
    </message>
    <message>
        <source>Working …</source>
        <translation type="unfinished">In Arbeit …</translation>
    </message>
    <message>
        <source>; {stay} out, for the reasons beside them</source>
        <translation type="unfinished">; {stay} draußen, aus den daneben genannten Gründen</translation>
    </message>
    <message>
        <source>stays</source>
        <translation type="unfinished">bleibt</translation>
    </message>
    <message>
        <source>stay</source>
        <translation type="unfinished">bleiben</translation>
    </message>
    <message>
        <source> when the study has what the rows use, or is widened</source>
        <translation type="unfinished"> (wenn die Studie enthält, was die Zeilen verwenden, oder erweitert wird)</translation>
    </message>
    <message>
        <source>{lines_come} in{fits}{stays}.</source>
        <translation type="unfinished">{lines_come} übernommen{fits}{stays}.</translation>
    </message>
    <message>
        <source>line comes</source>
        <translation type="unfinished">Zeile wird</translation>
    </message>
    <message>
        <source>lines come</source>
        <translation type="unfinished">Zeilen werden</translation>
    </message>
    <message>
        <source>Last import: {files}.</source>
        <translation type="unfinished">Letzter Import: {files}.</translation>
    </message>
    <message>
        <source>Folder with files of other tools</source>
        <translation type="unfinished">Ordner mit Dateien anderer Werkzeuge</translation>
    </message>
    <message>
        <source>Table of names</source>
        <translation type="unfinished">Tabelle der Namen</translation>
    </message>
    <message>
        <source>Tables (*.csv *.txt *.tsv)</source>
        <translation type="unfinished">Tabellen (*.csv *.txt *.tsv)</translation>
    </message>
    <message>
        <source>Importing</source>
        <translation type="unfinished">Wird importiert</translation>
    </message>
    <message>
        <source>Folder for the files</source>
        <translation type="unfinished">Ordner für die Dateien</translation>
    </message>
    <message>
        <source>{files} written into {name}.{lost}</source>
        <translation type="unfinished">{files} in {name} geschrieben.{lost}</translation>
    </message>
    <message>
        <source>file</source>
        <translation type="unfinished">Datei</translation>
    </message>
    <message>
        <source>files</source>
        <translation type="unfinished">Dateien</translation>
    </message>
    <message>
        <source>Writing for another tool</source>
        <translation type="unfinished">Für ein anderes Werkzeug wird geschrieben</translation>
    </message>
    <message>
        <source>The import of {files} was taken back.</source>
        <translation type="unfinished">Der Import von {files} wurde zurückgenommen.</translation>
    </message>
    <message>
        <source>No: {problem}.</source>
        <translation type="unfinished">Nein: {problem}.</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation type="unfinished">Ja</translation>
    </message>
    <message>
        <source>Scores</source>
        <translation type="unfinished">Werte</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation type="unfinished">Gewichte</translation>
    </message>
    <message>
        <source>Without each member</source>
        <translation type="unfinished">Ohne je ein Mitglied</translation>
    </message>
    <message>
        <source>Diversity</source>
        <translation type="unfinished">Diversität</translation>
    </message>
    <message>
        <source>Clip by clip</source>
        <translation type="unfinished">Clip für Clip</translation>
    </message>
    <message>
        <source>Lin&apos;s concordance over all frames, with 95 % intervals over people. What stands under “Chose the weights” is never the result.</source>
        <translation type="unfinished">Konkordanz nach Lin über alle Bilder, mit 95-%-Intervallen über Personen. Was unter „Gewichtswahl“ steht, ist nie das Ergebnis.</translation>
    </message>
    <message>
        <source>Chose the weights</source>
        <translation type="unfinished">Gewichtswahl</translation>
    </message>
    <message>
        <source>Held out</source>
        <translation type="unfinished">Zurückgehalten</translation>
    </message>
    <message>
        <source>Fusion minus this, held out</source>
        <translation type="unfinished">Fusion minus dieses, zurückgehalten</translation>
    </message>
    <message>
        <source>Without</source>
        <translation type="unfinished">Ohne</translation>
    </message>
    <message>
        <source>Whole fusion minus this, held out</source>
        <translation type="unfinished">Ganze Fusion minus diese, zurückgehalten</translation>
    </message>
    <message>
        <source>The weight of each member. The weights of a dimension sum to one.</source>
        <translation type="unfinished">Das Gewicht jedes Mitglieds. Die Gewichte einer Dimension summieren sich zu eins.</translation>
    </message>
    <message>
        <source>Stacking: the share of each member in the regression&apos;s weights (absolute values).</source>
        <translation type="unfinished">Stacking: der Anteil jedes Mitglieds an den Gewichten der Regression (Beträge).</translation>
    </message>
    <message>
        <source>With two members, the fusion without one of them is the other one, which is listed under Scores.</source>
        <translation type="unfinished">Bei zwei Mitgliedern ist die Fusion ohne eines von ihnen das andere, das unter „Werte“ steht.</translation>
    </message>
    <message>
        <source>Held-out people. The correlation is 1 where two members err alike and 0 where they err independently; then a fusion has most to gain.</source>
        <translation type="unfinished">Zurückgehaltene Personen. Die Korrelation ist 1, wo zwei Mitglieder gleich irren, und 0, wo sie unabhängig irren; dann kann eine Fusion am meisten gewinnen.</translation>
    </message>
    <message>
        <source>Held-out people. Root mean squared error of each clip, first those on which the fusion gains most over the member. A click or Enter plays the clips from that one on in Review.</source>
        <translation type="unfinished">Zurückgehaltene Personen. Wurzel des mittleren quadratischen Fehlers je Clip, zuerst jene, bei denen die Fusion gegenüber dem Mitglied am meisten gewinnt. Ein Klick oder Enter spielt die Clips ab diesem in der Durchsicht ab.</translation>
    </message>
    <message>
        <source>What the fusion of valence and arousal found</source>
        <translation type="unfinished">Was die Fusion von Valenz und Arousal ergab</translation>
    </message>
    <message>
        <source>Concordance of members and fusion</source>
        <translation type="unfinished">Konkordanz von Mitgliedern und Fusion</translation>
    </message>
    <message>
        <source>Weights of members by dimension</source>
        <translation type="unfinished">Gewichte der Mitglieder je Dimension</translation>
    </message>
    <message>
        <source>The fusion without each member</source>
        <translation type="unfinished">Die Fusion ohne je ein Mitglied</translation>
    </message>
    <message>
        <source>Correlation of the members&apos; errors</source>
        <translation type="unfinished">Korrelation der Fehler der Mitglieder</translation>
    </message>
    <message>
        <source>Against</source>
        <translation type="unfinished">Gegen</translation>
    </message>
    <message>
        <source>Errors by clip</source>
        <translation type="unfinished">Fehler je Clip</translation>
    </message>
    <message>
        <source>Member</source>
        <translation type="unfinished">Mitglied</translation>
    </message>
    <message>
        <source>Concordance with weights chosen again without the member.</source>
        <translation type="unfinished">Konkordanz mit Gewichten, die ohne das Mitglied neu gewählt wurden.</translation>
    </message>
    <message>
        <source>Members</source>
        <translation type="unfinished">Mitglieder</translation>
    </message>
    <message>
        <source>Correlation of errors</source>
        <translation type="unfinished">Korrelation der Fehler</translation>
    </message>
    <message>
        <source>{first} and {second}</source>
        <translation type="unfinished">{first} und {second}</translation>
    </message>
    <message>
        <source>Fusion</source>
        <translation type="unfinished">Fusion</translation>
    </message>
    <message>
        <source>Gain</source>
        <translation type="unfinished">Gewinn</translation>
    </message>
    <message>
        <source>{what}, fusion against {other}</source>
        <translation type="unfinished">{what}, Fusion gegen {other}</translation>
    </message>
    <message>
        <source>{name}  (best member)</source>
        <translation type="unfinished">{name}  (bestes Mitglied)</translation>
    </message>
    <message>
        <source>equal weights</source>
        <translation type="unfinished">gleiche Gewichte</translation>
    </message>
    <message>
        <source>{taken} alone</source>
        <translation type="unfinished">{taken} allein</translation>
    </message>
    <message>
        <source>No chosen weights were better there than {what}, so {what} were taken.</source>
        <translation type="unfinished">Keine gewählten Gewichte waren dort besser als {what}; darum genommen: {what}.</translation>
    </message>
    <message>
        <source>Accuracy by confidence</source>
        <translation type="unfinished">Genauigkeit je Konfidenz</translation>
    </message>
    <message>
        <source>Held-out people. On the diagonal, verdicts are right as often as they claim; below it, less often.</source>
        <translation type="unfinished">Zurückgehaltene Personen. Auf der Diagonale treffen Vorhersagen so oft zu, wie sie angeben; darunter seltener.</translation>
    </message>
    <message>
        <source>Curve</source>
        <translation type="unfinished">Kurve</translation>
    </message>
    <message>
        <source>Calibration error</source>
        <translation type="unfinished">Kalibrierungsfehler</translation>
    </message>
    <message>
        <source>Calibration error of members and fusion</source>
        <translation type="unfinished">Kalibrierungsfehler von Mitgliedern und Fusion</translation>
    </message>
    <message>
        <source>Calibration error: {errors}</source>
        <translation type="unfinished">Kalibrierungsfehler: {errors}</translation>
    </message>
    <message>
        <source>Stacking</source>
        <translation type="unfinished">Stacking</translation>
    </message>
    <message>
        <source>A weight for each member and class</source>
        <translation type="unfinished">Ein Gewicht je Mitglied und Klasse</translation>
    </message>
    <message>
        <source>A weight for each member</source>
        <translation type="unfinished">Ein Gewicht je Mitglied</translation>
    </message>
    <message>
        <source>Equal weights</source>
        <translation type="unfinished">Gleiche Gewichte</translation>
    </message>
    <message>
        <source>Given weights</source>
        <translation type="unfinished">Feste Gewichte</translation>
    </message>
    <message>
        <source>Weights of the largest concordance</source>
        <translation type="unfinished">Gewichte der größten Konkordanz</translation>
    </message>
    <message>
        <source>Folds choose, held-out people are the result</source>
        <translation type="unfinished">Folds wählen, Zurückgehaltene sind das Ergebnis</translation>
    </message>
    <message>
        <source>Three parts</source>
        <translation type="unfinished">Drei Teile</translation>
    </message>
    <message>
        <source>Nested folds of people</source>
        <translation type="unfinished">Verschachtelte Personen-Folds</translation>
    </message>
    <message>
        <source>As in D (with a warning)</source>
        <translation type="unfinished">Wie in D (mit Warnung)</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation type="unfinished">Genauigkeit</translation>
    </message>
    <message>
        <source>Recall averaged over classes</source>
        <translation type="unfinished">Recall, gemittelt über Klassen</translation>
    </message>
    <message>
        <source>Tick two members or more.</source>
        <translation type="unfinished">Haken Sie zwei oder mehr an.</translation>
    </message>
    <message>
        <source>New fusion</source>
        <translation type="unfinished">Neue Fusion</translation>
    </message>
    <message>
        <source>What is predicted</source>
        <translation type="unfinished">Was vorhergesagt wird</translation>
    </message>
    <message>
        <source>Way</source>
        <translation type="unfinished">Verfahren</translation>
    </message>
    <message>
        <source>One weight for each ticked member, in the order of the table</source>
        <translation type="unfinished">Ein Gewicht je angehaktem Mitglied, in der Reihenfolge der Tabelle</translation>
    </message>
    <message>
        <source>Draws in each stage</source>
        <translation type="unfinished">Ziehungen je Stufe</translation>
    </message>
    <message>
        <source>Number of random draws in each stage of the search</source>
        <translation type="unfinished">Anzahl zufälliger Ziehungen in jeder Stufe der Suche</translation>
    </message>
    <message>
        <source>What is made as large as possible</source>
        <translation type="unfinished">Was möglichst groß werden soll</translation>
    </message>
    <message>
        <source>Partition</source>
        <translation type="unfinished">Aufteilung</translation>
    </message>
    <message>
        <source>Folds</source>
        <translation type="unfinished">Folds</translation>
    </message>
    <message>
        <source>People who choose the weights</source>
        <translation type="unfinished">Personen, die die Gewichte wählen</translation>
    </message>
    <message>
        <source>All who are allowed to</source>
        <translation type="unfinished">Alle, die es dürfen</translation>
    </message>
    <message>
        <source>Names of people, separated by commas; empty for all whom the partition allows</source>
        <translation type="unfinished">Namen von Personen, durch Kommas getrennt; leer für alle, die die Aufteilung zulässt</translation>
    </message>
    <message>
        <source>Leave out people whom members saw</source>
        <translation type="unfinished">Von Mitgliedern gesehene Personen auslassen</translation>
    </message>
    <message>
        <source>Fuse without the people whom a member has seen, instead of refusing</source>
        <translation type="unfinished">Ohne die Personen fusionieren, die ein Mitglied gesehen hat, statt abzulehnen</translation>
    </message>
    <message>
        <source>Shuffle the labels</source>
        <translation type="unfinished">Labels mischen</translation>
    </message>
    <message>
        <source>A control: on shuffled labels a fusion must not be better than its members</source>
        <translation type="unfinished">Eine Kontrolle: auf gemischten Labels darf eine Fusion nicht besser sein als ihre Mitglieder</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation type="unfinished">Startwert</translation>
    </message>
    <message>
        <source>Name of the model</source>
        <translation type="unfinished">Name des Modells</translation>
    </message>
    <message>
        <source>fusion, with a number</source>
        <translation type="unfinished">fusion, mit einer Nummer</translation>
    </message>
    <message>
        <source>Start fusion</source>
        <translation type="unfinished">Fusion starten</translation>
    </message>
    <message>
        <source>Choose the weights in the background</source>
        <translation type="unfinished">Gewichte im Hintergrund wählen</translation>
    </message>
    <message>
        <source>Predicts</source>
        <translation type="unfinished">Sagt vorher</translation>
    </message>
    <message>
        <source>Draws</source>
        <translation type="unfinished">Ziehungen</translation>
    </message>
    <message>
        <source>Best by</source>
        <translation type="unfinished">Beste nach</translation>
    </message>
    <message>
        <source>Choosing</source>
        <translation type="unfinished">Wählende</translation>
    </message>
    <message>
        <source>Control</source>
        <translation type="unfinished">Kontrolle</translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished">Name</translation>
    </message>
    <message>
        <source>Fusing needs torch. {how_to_add}.</source>
        <translation type="unfinished">Die Fusion braucht torch. {how_to_add}.</translation>
    </message>
    <message>
        <source>Give {members} weights for the {members} members, such as {example}.</source>
        <translation type="unfinished">Geben Sie {members} Gewichte für die {members} Mitglieder an, etwa {example}.</translation>
    </message>
    <message>
        <source>Stacking: the share of each member in the regression&apos;s weights (absolute values), which sums to one for each class.</source>
        <translation type="unfinished">Stacking: der Anteil jedes Mitglieds an den Gewichten der Regression (Beträge), der sich für jede Klasse zu eins summiert.</translation>
    </message>
    <message>
        <source>The weight of each member for each class. The weights of a class sum to one.</source>
        <translation type="unfinished">Das Gewicht jedes Mitglieds für jede Klasse. Die Gewichte einer Klasse summieren sich zu eins.</translation>
    </message>
    <message>
        <source>Weights of members by class</source>
        <translation type="unfinished">Gewichte der Mitglieder je Klasse</translation>
    </message>
    <message>
        <source>{name} for {word}</source>
        <translation type="unfinished">{name} für {word}</translation>
    </message>
    <message>
        <source>Q statistic</source>
        <translation type="unfinished">Q-Statistik</translation>
    </message>
    <message>
        <source>Held-out people. Q is 1 where two members are right and wrong on the same items, 0 where they err independently. Disagreement is the share of items on which one is right and the other is wrong (Kuncheva and Whitaker 2003).</source>
        <translation type="unfinished">Zurückgehaltene Personen. Q ist 1, wo zwei Mitglieder bei denselben Items richtig und falsch liegen, und 0, wo sie unabhängig irren. Nichtübereinstimmung ist der Anteil der Items, bei denen eines richtig und das andere falsch liegt (Kuncheva und Whitaker 2003).</translation>
    </message>
    <message>
        <source>Diversity of members</source>
        <translation type="unfinished">Diversität der Mitglieder</translation>
    </message>
    <message>
        <source>{one} and {members}</source>
        <translation type="unfinished">{one} und {members}</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation type="unfinished">Rezept</translation>
    </message>
    <message>
        <source>Reads</source>
        <translation type="unfinished">Liest</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation type="unfinished">Labels</translation>
    </message>
    <message>
        <source>Cross-validated</source>
        <translation type="unfinished">Kreuzvalidiert</translation>
    </message>
    <message>
        <source>Concordance, valence / arousal</source>
        <translation type="unfinished">Konkordanz, Valenz / Arousal</translation>
    </message>
    <message>
        <source>Space ticks a model</source>
        <translation type="unfinished">Space hakt ein Modell an</translation>
    </message>
    <message>
        <source> of {people}</source>
        <translation type="unfinished"> bei {people}</translation>
    </message>
    <message>
        <source>, shuffled</source>
        <translation type="unfinished">, gemischt</translation>
    </message>
    <message>
        <source>from elsewhere</source>
        <translation type="unfinished">von anderswo</translation>
    </message>
    <message>
        <source>Finding out whom the members have seen …</source>
        <translation type="unfinished">Es wird ermittelt, wen die Mitglieder gesehen haben …</translation>
    </message>
    <message>
        <source>Who chooses, and who is the result</source>
        <translation type="unfinished">Wer wählt und wer das Ergebnis ist</translation>
    </message>
    <message>
        <source>Choose the weights</source>
        <translation type="unfinished">Wählen die Gewichte</translation>
    </message>
    <message>
        <source>Are the result</source>
        <translation type="unfinished">Sind das Ergebnis</translation>
    </message>
    <message>
        <source>Take no part:
{ways}</source>
        <translation type="unfinished">Nehmen nicht teil:
{ways}</translation>
    </message>
    <message>
        <source>End the search; the best weights so far become the fusion</source>
        <translation type="unfinished">Suche beenden; die bisher besten Gewichte werden zur Fusion</translation>
    </message>
    <message>
        <source>mean recall</source>
        <translation type="unfinished">mittlerer Recall</translation>
    </message>
    <message>
        <source>Progress of the fusion</source>
        <translation type="unfinished">Fortschritt der Fusion</translation>
    </message>
    <message>
        <source>Stop and keep the best</source>
        <translation type="unfinished">Beenden, Bestes behalten</translation>
    </message>
    <message>
        <source>End the fusion and discard it</source>
        <translation type="unfinished">Fusion beenden und verwerfen</translation>
    </message>
    <message>
        <source>  (+{waiting} waiting)</source>
        <translation type="unfinished">  (+{waiting} wartend)</translation>
    </message>
    <message>
        <source>Starting …</source>
        <translation type="unfinished">Startet …</translation>
    </message>
    <message>
        <source>Best so far: {measures} {value} on the people who choose</source>
        <translation type="unfinished">Bisher bestes: {measures} {value} bei den Personen, die wählen</translation>
    </message>
    <message>
        <source>Nothing has been fused here yet.</source>
        <translation type="unfinished">Hier wurde noch nichts fusioniert.</translation>
    </message>
    <message>
        <source>Reading what the fusion found …</source>
        <translation type="unfinished">Es wird gelesen, was die Fusion ergab …</translation>
    </message>
    <message>
        <source>Its model is being written and compared with the one in use. Then it can be used.</source>
        <translation type="unfinished">Ihr Modell wird geschrieben und mit dem eingesetzten verglichen. Dann kann es eingesetzt werden.</translation>
    </message>
    <message>
        <source>Wins and losses</source>
        <translation type="unfinished">Gewinne und Verluste</translation>
    </message>
    <message>
        <source>Viewing conditions</source>
        <translation type="unfinished">Bedingungen</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation type="unfinished">Kalibrierung</translation>
    </message>
    <message>
        <source>Fusions of this project</source>
        <translation type="unfinished">Fusionen dieses Projekts</translation>
    </message>
    <message>
        <source>Open the report</source>
        <translation type="unfinished">Bericht öffnen</translation>
    </message>
    <message>
        <source>Everything on one page, with its tables as files beside it</source>
        <translation type="unfinished">Alles auf einer Seite, mit den Tabellen als Dateien daneben</translation>
    </message>
    <message>
        <source>Roll back</source>
        <translation type="unfinished">Zurücknehmen</translation>
    </message>
    <message>
        <source>Go back to the model that was in use before</source>
        <translation type="unfinished">Zurück zum Modell, das vorher im Einsatz war</translation>
    </message>
    <message>
        <source>Use the fusion</source>
        <translation type="unfinished">Fusion einsetzen</translation>
    </message>
    <message>
        <source>Promote it: live and for whole clips</source>
        <translation type="unfinished">Einsetzen: live und für ganze Clips</translation>
    </message>
    <message>
        <source>What the fusion found</source>
        <translation type="unfinished">Was die Fusion ergab</translation>
    </message>
    <message>
        <source>Result of the fusion</source>
        <translation type="unfinished">Ergebnis der Fusion</translation>
    </message>
    <message>
        <source>{what} are predicted by {name}</source>
        <translation type="unfinished">{what}: vorhergesagt von {name}</translation>
    </message>
    <message>
        <source>The search was stopped; the weights are the best until then.</source>
        <translation type="unfinished">Die Suche wurde beendet; die Gewichte sind die bis dahin besten.</translation>
    </message>
    <message>
        <source>Left out: {sentence}</source>
        <translation type="unfinished">Ausgelassen: {sentence}</translation>
    </message>
    <message>
        <source>in use</source>
        <translation type="unfinished">im Einsatz</translation>
    </message>
    <message>
        <source>control</source>
        <translation type="unfinished">Kontrolle</translation>
    </message>
    <message>
        <source>Recall averaged over classes (UAR)</source>
        <translation type="unfinished">Recall, gemittelt über Klassen (UAR)</translation>
    </message>
    <message>
        <source>Macro F1</source>
        <translation type="unfinished">Makro-F1</translation>
    </message>
    <message>
        <source>Cross-entropy</source>
        <translation type="unfinished">Kreuzentropie</translation>
    </message>
    <message>
        <source>Calibration error (ECE)</source>
        <translation type="unfinished">Kalibrierungsfehler (ECE)</translation>
    </message>
    <message>
        <source>95 % intervals over people. The figures under “Chose the weights” are never the result.</source>
        <translation type="unfinished">95-%-Intervalle über Personen. Die Zahlen unter „Gewichtswahl“ sind nie das Ergebnis.</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation type="unfinished">Maß</translation>
    </message>
    <message>
        <source>Scores of members and fusion</source>
        <translation type="unfinished">Werte von Mitgliedern und Fusion</translation>
    </message>
    <message>
        <source>Its best member on the people who chose the weights</source>
        <translation type="unfinished">Ihr bestes Mitglied bei den Personen, die die Gewichte wählten</translation>
    </message>
    <message>
        <source>{items} of {people}</source>
        <translation type="unfinished">{items} von {people}</translation>
    </message>
    <message>
        <source>Accuracy with weights chosen again without the member.</source>
        <translation type="unfinished">Genauigkeit mit Gewichten, die ohne das Mitglied neu gewählt wurden.</translation>
    </message>
    <message>
        <source>The search was stopped, so no member was left out.</source>
        <translation type="unfinished">Die Suche wurde beendet, darum wurde kein Mitglied ausgelassen.</translation>
    </message>
    <message>
        <source>Fuse models of categories into one and see what it gains</source>
        <translation type="unfinished">Modelle für Kategorien zu einem fusionieren und sehen, was es bringt</translation>
    </message>
    <message>
        <source>fuse combine ensemble members weights stacking</source>
        <translation type="unfinished">fusionieren verbinden ensemble mitglieder gewichte stacking</translation>
    </message>
    <message>
        <source>Tick two or more with Space or a click. Whatever trained a member cannot choose its weight.</source>
        <translation type="unfinished">Haken Sie mit Space oder einem Klick zwei oder mehr an. Was ein Mitglied trainiert hat, kann sein Gewicht nicht wählen.</translation>
    </message>
    <message>
        <source>It cannot start. The reasons are listed on the right.</source>
        <translation type="unfinished">Sie kann nicht starten. Die Gründe stehen rechts.</translation>
    </message>
    <message>
        <source>A click or Enter plays the clips from that one on in Review, with the verdicts of all members.</source>
        <translation type="unfinished">Ein Klick oder Enter spielt die Clips ab diesem in der Durchsicht ab, mit den Vorhersagen aller Mitglieder.</translation>
    </message>
    <message>
        <source>Won</source>
        <translation type="unfinished">Gewonnen</translation>
    </message>
    <message>
        <source>Items that the fusion wins</source>
        <translation type="unfinished">Items, die die Fusion gewinnt</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation type="unfinished">Verloren</translation>
    </message>
    <message>
        <source>Items that the fusion loses</source>
        <translation type="unfinished">Items, die die Fusion verliert</translation>
    </message>
    <message>
        <source>Won against {other}</source>
        <translation type="unfinished">Gewonnen gegen {other}</translation>
    </message>
    <message>
        <source>Lost against {other}</source>
        <translation type="unfinished">Verloren gegen {other}</translation>
    </message>
    <message>
        <source>Play all</source>
        <translation type="unfinished">Alle abspielen</translation>
    </message>
    <message>
        <source>Label</source>
        <translation type="unfinished">Label</translation>
    </message>
    <message>
        <source>Train two models of categories on different streams, such as face, surroundings and voice, or two models of valence and arousal, each with two folds or more: then the people of the training can choose the weights.</source>
        <translation type="unfinished">Trainieren Sie zwei Modelle für Kategorien auf verschiedenen Strömen, etwa Gesicht, Umgebung und Stimme, oder zwei Modelle für Valenz und Arousal, jedes mit zwei oder mehr Folds: dann können die Personen des Trainings die Gewichte wählen.</translation>
    </message>
    <message>
        <source>Open a project with trained models.</source>
        <translation type="unfinished">Öffnen Sie ein Projekt mit trainierten Modellen.</translation>
    </message>
    <message>
        <source>Fusing needs two models</source>
        <translation type="unfinished">Eine Fusion braucht zwei Modelle</translation>
    </message>
    <message>
        <source>Go to Train</source>
        <translation type="unfinished">Zum Training</translation>
    </message>
    <message>
        <source>Looking for models …</source>
        <translation type="unfinished">Modelle werden gesucht …</translation>
    </message>
    <message>
        <source>This takes a moment.</source>
        <translation type="unfinished">Das dauert einen Moment.</translation>
    </message>
    <message>
        <source>Fusions</source>
        <translation type="unfinished">Fusionen</translation>
    </message>
    <message>
        <source>This fusion is being made.</source>
        <translation type="unfinished">Diese Fusion entsteht gerade.</translation>
    </message>
    <message>
        <source>{name} made no model ({status}).</source>
        <translation type="unfinished">{name} ergab kein Modell ({status}).</translation>
    </message>
    <message>
        <source>The project does not have these items any more.</source>
        <translation type="unfinished">Das Projekt hat diese Items nicht mehr.</translation>
    </message>
    <message>
        <source>The project does not have these clips any more.</source>
        <translation type="unfinished">Das Projekt hat diese Clips nicht mehr.</translation>
    </message>
    <message>
        <source>No model</source>
        <translation type="unfinished">Kein Modell</translation>
    </message>
    <message>
        <source>valence and arousal</source>
        <translation type="unfinished">Valenz und Arousal</translation>
    </message>
    <message>
        <source>categories</source>
        <translation type="unfinished">Kategorien</translation>
    </message>
    <message>
        <source>{name} predicts {what} from now on, also live.</source>
        <translation type="unfinished">{name} sagt ab jetzt {what} vorher, auch live.</translation>
    </message>
    <message>
        <source>Stored curves are still those of the model that made them.</source>
        <translation type="unfinished">Gespeicherte Kurven sind noch die des Modells, das sie erzeugt hat.</translation>
    </message>
    <message>
        <source>Held-out people; 95 % intervals over people. A category is shaded where its interval does not include 0. A click or Enter on an item plays it in Review, with the verdicts of all members.</source>
        <translation type="unfinished">Zurückgehaltene Personen; 95-%-Intervalle über Personen. Eine Kategorie ist getönt, wo ihr Intervall die 0 nicht enthält. Ein Klick oder Enter auf ein Item spielt es in der Durchsicht ab, mit den Vorhersagen aller Mitglieder.</translation>
    </message>
    <message>
        <source>The members learned from the answers of one viewing condition. Fuse a model of face only with one of full context to see where context changes the judgement.</source>
        <translation type="unfinished">Die Mitglieder haben aus den Antworten einer einzigen Bedingung gelernt. Fusionieren Sie ein Modell für nur Gesicht nur mit einem für vollen Kontext, um zu sehen, wo Kontext das Urteil ändert.</translation>
    </message>
    <message>
        <source>Gain of</source>
        <translation type="unfinished">Gewinn von</translation>
    </message>
    <message>
        <source>Gain by category</source>
        <translation type="unfinished">Gewinn je Kategorie</translation>
    </message>
    <message>
        <source>Gain by item</source>
        <translation type="unfinished">Gewinn je Item</translation>
    </message>
    <message>
        <source>The labels are those of {condition}. {how}</source>
        <translation type="unfinished">Die Labels sind die der Bedingung {condition}. {how}</translation>
    </message>
    <message>
        <source>Gain in right items</source>
        <translation type="unfinished">Gewinn an richtigen Items</translation>
    </message>
    <message>
        <source>Gain in the label&apos;s probability</source>
        <translation type="unfinished">Gewinn an Wahrscheinlichkeit des Labels</translation>
    </message>
    <message>
        <source>as the detector&apos;s box</source>
        <translation type="unfinished">wie der Rahmen des Detektors</translation>
    </message>
    <message>
        <source>turned until the eyes are level</source>
        <translation type="unfinished">gedreht, bis die Augen waagrecht sind</translation>
    </message>
    <message>
        <source>box, squeezed</source>
        <translation type="unfinished">Rahmen, gestaucht</translation>
    </message>
    <message>
        <source>Meaning of {tensor}</source>
        <translation type="unfinished">Bedeutung von {tensor}</translation>
    </message>
    <message>
        <source>Order of the classes of {tensor}</source>
        <translation type="unfinished">Reihenfolge der Klassen von {tensor}</translation>
    </message>
    <message>
        <source>logits: apply softmax</source>
        <translation type="unfinished">Logits: Softmax anwenden</translation>
    </message>
    <message>
        <source>Add a model</source>
        <translation type="unfinished">Modell hinzufügen</translation>
    </message>
    <message>
        <source>{file_name} takes {name} {shape_text}</source>
        <translation type="unfinished">{file_name} erwartet {name} {shape_text}</translation>
    </message>
    <message>
        <source>Add a model of your own</source>
        <translation type="unfinished">Eigenes Modell hinzufügen</translation>
    </message>
    <message>
        <source>{takes} and has {parameters} parameters.</source>
        <translation type="unfinished">{takes} und hat {parameters} Parameter.</translation>
    </message>
    <message>
        <source>The file does not say everything. Please check what was guessed:</source>
        <translation type="unfinished">Die Datei sagt nicht alles. Bitte prüfen Sie, was geraten wurde:</translation>
    </message>
    <message>
        <source>Letters, digits and underscores; used in commands and files</source>
        <translation type="unfinished">Buchstaben, Ziffern und Unterstriche; in Befehlen und Dateien verwendet</translation>
    </message>
    <message>
        <source>The licence under which it may be used</source>
        <translation type="unfinished">Die Lizenz, unter der es verwendet werden darf</translation>
    </message>
    <message>
        <source>Summary</source>
        <translation type="unfinished">Überblick</translation>
    </message>
    <message>
        <source>Size of its crops</source>
        <translation type="unfinished">Größe der Ausschnitte</translation>
    </message>
    <message>
        <source>Fixed by the file</source>
        <translation type="unfinished">Von der Datei bestimmt</translation>
    </message>
    <message>
        <source>Values of its pixels</source>
        <translation type="unfinished">Werte der Pixel</translation>
    </message>
    <message>
        <source>How the face is cut</source>
        <translation type="unfinished">Ausschnitt des Gesichts</translation>
    </message>
    <message>
        <source>Margin around the box</source>
        <translation type="unfinished">Rand um den Rahmen</translation>
    </message>
    <message>
        <source>0.1 is a tenth of its longer side</source>
        <translation type="unfinished">0,1 ist ein Zehntel der längeren Seite</translation>
    </message>
    <message>
        <source>Output “{tensor}”</source>
        <translation type="unfinished">Ausgabe „{tensor}“</translation>
    </message>
    <message>
        <source>{width} numbers a face</source>
        <translation type="unfinished">{width} Zahlen je Gesicht</translation>
    </message>
    <message>
        <source>Its known weaknesses, one on each line</source>
        <translation type="unfinished">Seine bekannten Schwächen, eine je Zeile</translation>
    </message>
    <message>
        <source>Known weaknesses</source>
        <translation type="unfinished">Bekannte Schwächen</translation>
    </message>
    <message>
        <source>I have checked these against the model&apos;s documentation</source>
        <translation type="unfinished">Ich habe dies mit der Dokumentation des Modells abgeglichen</translation>
    </message>
    <message>
        <source>Add the model</source>
        <translation type="unfinished">Modell hinzufügen</translation>
    </message>
    <message>
        <source>version {version}</source>
        <translation type="unfinished">Version {version}</translation>
    </message>
    <message>
        <source>licence {licence}</source>
        <translation type="unfinished">Lizenz {licence}</translation>
    </message>
    <message>
        <source>&lt;p style=&apos;color:{warning}&apos;&gt;&lt;b&gt;Non-commercial:&lt;/b&gt; it may not be used commercially.&lt;/p&gt;</source>
        <translation type="unfinished">&lt;p style=&apos;color:{warning}&apos;&gt;&lt;b&gt;Nicht kommerziell:&lt;/b&gt; darf nicht kommerziell verwendet werden.&lt;/p&gt;</translation>
    </message>
    <message>
        <source>How it was made</source>
        <translation type="unfinished">Wie es entstand</translation>
    </message>
    <message>
        <source>any device</source>
        <translation type="unfinished">jedes Gerät</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation type="unfinished">nicht gemessen</translation>
    </message>
    <message>
        <source>{accuracy_loss} points</source>
        <translation type="unfinished">{accuracy_loss} Punkte</translation>
    </message>
    <message>
        <source>Variants</source>
        <translation type="unfinished">Varianten</translation>
    </message>
    <message>
        <source>runs on</source>
        <translation type="unfinished">läuft auf</translation>
    </message>
    <message>
        <source>accuracy against the main file</source>
        <translation type="unfinished">Genauigkeit gegenüber der Hauptdatei</translation>
    </message>
    <message>
        <source>Takes</source>
        <translation type="unfinished">Eingaben</translation>
    </message>
    <message>
        <source>Gives</source>
        <translation type="unfinished">Ausgaben</translation>
    </message>
    <message>
        <source>Files</source>
        <translation type="unfinished">Dateien</translation>
    </message>
    <message>
        <source>&lt;b&gt;Licence&lt;/b&gt;&lt;br&gt;{value}</source>
        <translation type="unfinished">&lt;b&gt;Lizenz&lt;/b&gt;&lt;br&gt;{value}</translation>
    </message>
    <message>
        <source>&lt;br&gt;&lt;span style=&apos;color:{warning}&apos;&gt;&lt;b&gt;Non-commercial:&lt;/b&gt; it may not be used commercially.&lt;/span&gt;</source>
        <translation type="unfinished">&lt;br&gt;&lt;span style=&apos;color:{warning}&apos;&gt;&lt;b&gt;Nicht kommerziell:&lt;/b&gt; darf nicht kommerziell verwendet werden.&lt;/span&gt;</translation>
    </message>
    <message>
        <source>not installed</source>
        <translation type="unfinished">nicht installiert</translation>
    </message>
    <message>
        <source>made by</source>
        <translation type="unfinished">erstellt von</translation>
    </message>
    <message>
        <source>not pinned; it is shown and kept at the first installation</source>
        <translation type="unfinished">nicht festgelegt; wird bei der ersten Installation gezeigt und behalten</translation>
    </message>
    <message>
        <source>Where it comes from</source>
        <translation type="unfinished">Woher es stammt</translation>
    </message>
    <message>
        <source>{kind} on {data}: {count} images, {speed} per second</source>
        <translation type="unfinished">{kind} auf {data}: {count} Bilder, {speed} pro Sekunde</translation>
    </message>
    <message>
        <source>not given</source>
        <translation type="unfinished">nicht angegeben</translation>
    </message>
    <message>
        <source>Expression (FERPlus)</source>
        <translation type="unfinished">Ausdruck (FERPlus)</translation>
    </message>
    <message>
        <source>two numbers</source>
        <translation type="unfinished">zwei Zahlen</translation>
    </message>
    <message>
        <source>numbers</source>
        <translation type="unfinished">Zahlen</translation>
    </message>
    <message>
        <source>none there</source>
        <translation type="unfinished">keine vorhanden</translation>
    </message>
    <message>
        <source>style=&apos;color:{text_soft};padding:3px 7px</source>
        <translation type="unfinished">style=&apos;color:{text_soft};padding:3px 7px</translation>
    </message>
    <message>
        <source>&lt;tr&gt;&lt;td style=&apos;color:{text_faint};padding:3px 12px 3px 0&apos;&gt;label → predicted&lt;/td&gt;{heads}&lt;/tr&gt;</source>
        <translation type="unfinished">&lt;tr&gt;&lt;td style=&apos;color:{text_faint};padding:3px 12px 3px 0&apos;&gt;Label → vorhergesagt&lt;/td&gt;{heads}&lt;/tr&gt;</translation>
    </message>
    <message>
        <source>Models</source>
        <translation type="unfinished">Modelle</translation>
    </message>
    <message>
        <source>The models, their scores, and the one in use</source>
        <translation type="unfinished">Die Modelle, ihre Werte und das eingesetzte</translation>
    </message>
    <message>
        <source>download install zoo accuracy</source>
        <translation type="unfinished">herunterladen installieren zoo genauigkeit</translation>
    </message>
    <message>
        <source>The fetched part is kept, so that the download can be continued later</source>
        <translation type="unfinished">Der geladene Teil bleibt, sodass der Download später fortgesetzt werden kann</translation>
    </message>
    <message>
        <source>Installing {title}</source>
        <translation type="unfinished">{title} wird installiert</translation>
    </message>
    <message>
        <source> of {file_size}</source>
        <translation type="unfinished"> von {file_size}</translation>
    </message>
    <message>
        <source>ONNX models (*.onnx)</source>
        <translation type="unfinished">ONNX-Modelle (*.onnx)</translation>
    </message>
    <message>
        <source>Add your own…</source>
        <translation type="unfinished">Eigenes hinzufügen…</translation>
    </message>
    <message>
        <source>Add an ONNX face model; its inputs and outputs are examined first</source>
        <translation type="unfinished">Ein ONNX-Gesichtsmodell hinzufügen; seine Ein- und Ausgaben werden zuerst untersucht</translation>
    </message>
    <message>
        <source>Model card</source>
        <translation type="unfinished">Modellkarte</translation>
    </message>
    <message>
        <source>Delete its files</source>
        <translation type="unfinished">Dateien löschen</translation>
    </message>
    <message>
        <source>Open the folder of its files</source>
        <translation type="unfinished">Ordner mit seinen Dateien öffnen</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation type="unfinished">Prüfen</translation>
    </message>
    <message>
        <source>Check its files against its card</source>
        <translation type="unfinished">Seine Dateien mit seiner Karte abgleichen</translation>
    </message>
    <message>
        <source>Evaluate…</source>
        <translation type="unfinished">Auswerten…</translation>
    </message>
    <message>
        <source>Measure it on labelled images (.npz in the layout of FER2013)</source>
        <translation type="unfinished">Auf gelabelten Bildern messen (.npz im Aufbau von FER2013)</translation>
    </message>
    <message>
        <source>Use this model</source>
        <translation type="unfinished">Modell einsetzen</translation>
    </message>
    <message>
        <source>Predict with it from now on, live and for whole clips</source>
        <translation type="unfinished">Ab jetzt damit vorhersagen, live und für ganze Clips</translation>
    </message>
    <message>
        <source>I accept the licence</source>
        <translation type="unfinished">Ich akzeptiere die Lizenz</translation>
    </message>
    <message>
        <source>From a file…</source>
        <translation type="unfinished">Aus Datei…</translation>
    </message>
    <message>
        <source>Use a copy that you have, without fetching anything</source>
        <translation type="unfinished">Eine vorhandene Kopie verwenden, ohne etwas zu laden</translation>
    </message>
    <message>
        <source>From a folder…</source>
        <translation type="unfinished">Aus Ordner…</translation>
    </message>
    <message>
        <source>Use a mirror that holds the file under its own name</source>
        <translation type="unfinished">Einen Spiegel verwenden, der die Datei unter ihrem eigenen Namen enthält</translation>
    </message>
    <message>
        <source>Download</source>
        <translation type="unfinished">Laden</translation>
    </message>
    <message>
        <source> SHA-256 {sha256}; it is checked from now on.</source>
        <translation type="unfinished"> SHA-256 {sha256}; wird ab jetzt geprüft.</translation>
    </message>
    <message>
        <source>{title} is installed.{note}</source>
        <translation type="unfinished">{title} ist installiert.{note}</translation>
    </message>
    <message>
        <source>Installing {name}</source>
        <translation type="unfinished">{name} wird installiert</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation type="unfinished">Installiert</translation>
    </message>
    <message>
        <source>in use  ·  </source>
        <translation type="unfinished">im Einsatz  ·  </translation>
    </message>
    <message>
        <source>To be fetched</source>
        <translation type="unfinished">Noch zu laden</translation>
    </message>
    <message>
        <source>  ·  {file_size} fetched</source>
        <translation type="unfinished">  ·  {file_size} geladen</translation>
    </message>
    <message>
        <source>&lt;p style=&apos;color:{text_soft}&apos;&gt;Choose a model.&lt;/p&gt;</source>
        <translation type="unfinished">&lt;p style=&apos;color:{text_soft}&apos;&gt;Wählen Sie ein Modell.&lt;/p&gt;</translation>
    </message>
    <message>
        <source>In use: promoted in this project</source>
        <translation type="unfinished">Im Einsatz: für dieses Projekt eingesetzt</translation>
    </message>
    <message>
        <source>In use</source>
        <translation type="unfinished">Im Einsatz</translation>
    </message>
    <message>
        <source>Shipped</source>
        <translation type="unfinished">Mitgeliefert</translation>
    </message>
    <message>
        <source>I accept the licence, and my use is not commercial</source>
        <translation type="unfinished">Ich akzeptiere die Lizenz, und meine Nutzung ist nicht kommerziell</translation>
    </message>
    <message>
        <source>Continue the download</source>
        <translation type="unfinished">Download fortsetzen</translation>
    </message>
    <message>
        <source>Install from a file</source>
        <translation type="unfinished">Aus Datei installieren</translation>
    </message>
    <message>
        <source>Install from a folder</source>
        <translation type="unfinished">Aus Ordner installieren</translation>
    </message>
    <message>
        <source>{name} predicts in this project from now on, live at once.</source>
        <translation type="unfinished">{name} sagt in diesem Projekt ab jetzt vorher, live sofort.</translation>
    </message>
    <message>
        <source>The files of {title} are as its card says.</source>
        <translation type="unfinished">Die Dateien von {title} sind so, wie die Karte sagt.</translation>
    </message>
    <message>
        <source>Verifying {name}</source>
        <translation type="unfinished">{name} wird geprüft</translation>
    </message>
    <message>
        <source>Remove a model</source>
        <translation type="unfinished">Modell entfernen</translation>
    </message>
    <message>
        <source>Remove {title}?</source>
        <translation type="unfinished">{title} entfernen?</translation>
    </message>
    <message>
        <source>{folder} is deleted. Predictions that it made stay.</source>
        <translation type="unfinished">{folder} wird gelöscht. Seine Vorhersagen bleiben.</translation>
    </message>
    <message>
        <source>Removing {name}</source>
        <translation type="unfinished">{name} wird entfernt</translation>
    </message>
    <message>
        <source>Labelled images</source>
        <translation type="unfinished">Gelabelte Bilder</translation>
    </message>
    <message>
        <source>Labelled images (*.npz)</source>
        <translation type="unfinished">Gelabelte Bilder (*.npz)</translation>
    </message>
    <message>
        <source>Evaluating {name}</source>
        <translation type="unfinished">{name} wird ausgewertet</translation>
    </message>
    <message>
        <source>Evaluation</source>
        <translation type="unfinished">Auswertung</translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished">Fertig</translation>
    </message>
    <message>
        <source>Examining {name}</source>
        <translation type="unfinished">{name} wird untersucht</translation>
    </message>
    <message>
        <source>{title} is installed.</source>
        <translation type="unfinished">{title} ist installiert.</translation>
    </message>
    <message>
        <source>Adding {name}</source>
        <translation type="unfinished">{name} wird hinzugefügt</translation>
    </message>
    <message>
        <source>gold {id}</source>
        <translation type="unfinished">Gold {id}</translation>
    </message>
    <message>
        <source> · pass {pass_no}</source>
        <translation type="unfinished"> · Durchgang {pass_no}</translation>
    </message>
    <message>
        <source>does not count</source>
        <translation type="unfinished">zählt nicht</translation>
    </message>
    <message>
        <source>simulated</source>
        <translation type="unfinished">simuliert</translation>
    </message>
    <message>
        <source>unblinded</source>
        <translation type="unfinished">nicht verblindet</translation>
    </message>
    <message>
        <source>Whole item</source>
        <translation type="unfinished">Ganzes Item</translation>
    </message>
    <message>
        <source>Last {seconds} s, live</source>
        <translation type="unfinished">Letzte {seconds} s, live</translation>
    </message>
    <message>
        <source>This face is not seen within the item.</source>
        <translation type="unfinished">Dieses Gesicht ist im Item nicht zu sehen.</translation>
    </message>
    <message>
        <source>The faces of this clip are not measured yet.</source>
        <translation type="unfinished">Die Gesichter dieses Clips sind noch nicht gemessen.</translation>
    </message>
    <message>
        <source>Analysis → Measure the faces of this clip (Ctrl+M).</source>
        <translation type="unfinished">Analyse → Gesichter dieses Clips messen (Ctrl+M).</translation>
    </message>
    <message>
        <source>Hidden while you record.</source>
        <translation type="unfinished">Beim Aufzeichnen verborgen.</translation>
    </message>
    <message>
        <source>This frame was not predicted yet.</source>
        <translation type="unfinished">Dieses Bild wurde noch nicht vorhergesagt.</translation>
    </message>
    <message>
        <source>{what}
Ctrl+Enter analyses the whole clip, Ctrl+P predicts live.</source>
        <translation type="unfinished">{what}
Ctrl+Enter analysiert den ganzen Clip, Ctrl+P sagt live vorher.</translation>
    </message>
    <message>
        <source>Predicting …</source>
        <translation type="unfinished">Vorhersage läuft …</translation>
    </message>
    <message>
        <source>The chosen face is not in this frame.
Click on another to choose it.</source>
        <translation type="unfinished">Das gewählte Gesicht ist nicht in diesem Bild.
Klicken Sie auf ein anderes, um es zu wählen.</translation>
    </message>
    <message>
        <source>Nothing annotated or predicted yet.
Press R to record a trace, Ctrl+Enter to analyse.</source>
        <translation type="unfinished">Noch nichts annotiert oder vorhergesagt.
R zeichnet einen Verlauf auf, Ctrl+Enter analysiert.</translation>
    </message>
    <message>
        <source>{words} (stored)</source>
        <translation type="unfinished">{words} (gespeichert)</translation>
    </message>
    <message>
        <source>A trace is being recorded.</source>
        <translation type="unfinished">Ein Verlauf wird aufgezeichnet.</translation>
    </message>
    <message>
        <source>Head</source>
        <translation type="unfinished">Kopf</translation>
    </message>
    <message>
        <source>Eyes</source>
        <translation type="unfinished">Augen</translation>
    </message>
    <message>
        <source>Movements</source>
        <translation type="unfinished">Bewegungen</translation>
    </message>
    <message>
        <source>Choose which measures of the face are shown (Shift+M)</source>
        <translation type="unfinished">Wählen, welche Messwerte des Gesichts gezeigt werden (Shift+M)</translation>
    </message>
    <message>
        <source>Measure the faces of this clip</source>
        <translation type="unfinished">Gesichter dieses Clips messen</translation>
    </message>
    <message>
        <source>At most {most} are shown at a time.</source>
        <translation type="unfinished">Höchstens {most} werden zugleich gezeigt.</translation>
    </message>
    <message>
        <source>Moment</source>
        <translation type="unfinished">Moment</translation>
    </message>
    <message>
        <source>Categories and event keys</source>
        <translation type="unfinished">Kategorien und Ereignistasten</translation>
    </message>
    <message>
        <source>Key</source>
        <translation type="unfinished">Taste</translation>
    </message>
    <message>
        <source>What a press marks</source>
        <translation type="unfinished">Was ein Druck markiert</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation type="unfinished">Farbe</translation>
    </message>
    <message>
        <source>Add category</source>
        <translation type="unfinished">Neue Kategorie</translation>
    </message>
    <message>
        <source>Fill in an example</source>
        <translation type="unfinished">Beispiel eintragen</translation>
    </message>
    <message>
        <source>Smile, speaks, looks away, blink</source>
        <translation type="unfinished">Lächeln, spricht, schaut weg, Blinzeln</translation>
    </message>
    <message>
        <source>While events are coded (E), the key of a category marks a moment, or begins a state that its next press ends. Raters never see notes.</source>
        <translation type="unfinished">Während Ereignisse kodiert werden (E), markiert die Taste einer Kategorie einen Moment oder beginnt einen Zustand, den der nächste Druck beendet. Beurteiler sehen nie Notizen.</translation>
    </message>
    <message>
        <source>Name of the category</source>
        <translation type="unfinished">Name der Kategorie</translation>
    </message>
    <message>
        <source>Key of the category</source>
        <translation type="unfinished">Taste der Kategorie</translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished">keine</translation>
    </message>
    <message>
        <source>Colour of the category</source>
        <translation type="unfinished">Farbe der Kategorie</translation>
    </message>
    <message>
        <source>Delete the category; its notes stay</source>
        <translation type="unfinished">Kategorie löschen; ihre Notizen bleiben</translation>
    </message>
    <message>
        <source>Delete the category</source>
        <translation type="unfinished">Kategorie löschen</translation>
    </message>
    <message>
        <source>While events are coded, these keys do not have their usual effect: {keys}.</source>
        <translation type="unfinished">Während Ereignisse kodiert werden, haben diese Tasten nicht ihre übliche Wirkung: {keys}.</translation>
    </message>
    <message>
        <source>Keys no longer mark events.</source>
        <translation type="unfinished">Tasten markieren keine Ereignisse mehr.</translation>
    </message>
    <message>
        <source>Keys mark events: {keys}.</source>
        <translation type="unfinished">Tasten markieren Ereignisse: {keys}.</translation>
    </message>
    <message>
        <source>E ends this.</source>
        <translation type="unfinished">E beendet dies.</translation>
    </message>
    <message>
        <source>N makes a note at the frame on screen. E lets the keys of your categories mark events.</source>
        <translation type="unfinished">N macht eine Notiz am gezeigten Bild. Mit E markieren die Tasten Ihrer Kategorien Ereignisse.</translation>
    </message>
    <message>
        <source>No note contains these words.</source>
        <translation type="unfinished">Keine Notiz enthält diese Wörter.</translation>
    </message>
    <message>
        <source>by {author}</source>
        <translation type="unfinished">von {author}</translation>
    </message>
    <message>
        <source>Find notes</source>
        <translation type="unfinished">Notizen suchen</translation>
    </message>
    <message>
        <source>Notes on this clip</source>
        <translation type="unfinished">Notizen zu diesem Clip</translation>
    </message>
    <message>
        <source>Words of the note</source>
        <translation type="unfinished">Text der Notiz</translation>
    </message>
    <message>
        <source>Category of the note</source>
        <translation type="unfinished">Kategorie der Notiz</translation>
    </message>
    <message>
        <source>Colour of the note</source>
        <translation type="unfinished">Farbe der Notiz</translation>
    </message>
    <message>
        <source>Begins here</source>
        <translation type="unfinished">Beginnt hier</translation>
    </message>
    <message>
        <source>The note begins at the frame on screen</source>
        <translation type="unfinished">Die Notiz beginnt am gezeigten Bild</translation>
    </message>
    <message>
        <source>Ends here</source>
        <translation type="unfinished">Endet hier</translation>
    </message>
    <message>
        <source>The note ends at the frame on screen; a moment becomes a range</source>
        <translation type="unfinished">Die Notiz endet am gezeigten Bild; ein Moment wird zur Spanne</translation>
    </message>
    <message>
        <source>Delete the selected notes (Delete); this can be undone</source>
        <translation type="unfinished">Gewählte Notizen löschen (Delete); kann rückgängig gemacht werden</translation>
    </message>
    <message>
        <source>Delete notes</source>
        <translation type="unfinished">Notizen löschen</translation>
    </message>
    <message>
        <source>More about notes</source>
        <translation type="unfinished">Mehr zu Notizen</translation>
    </message>
    <message>
        <source>Ranges, categories, export</source>
        <translation type="unfinished">Spannen, Kategorien, Export</translation>
    </message>
    <message>
        <source>{found} of {notes}</source>
        <translation type="unfinished">{found} von {notes}</translation>
    </message>
    <message>
        <source>No category</source>
        <translation type="unfinished">Keine Kategorie</translation>
    </message>
    <message>
        <source>Export notes</source>
        <translation type="unfinished">Notizen exportieren</translation>
    </message>
    <message>
        <source>Saved {done} with {notes} of all clips.</source>
        <translation type="unfinished">{done} mit {notes} aller Clips gespeichert.</translation>
    </message>
    <message>
        <source>Analyse again</source>
        <translation type="unfinished">Neu analysieren</translation>
    </message>
    <message>
        <source>Predict this clip with the model in use (Ctrl+Enter)</source>
        <translation type="unfinished">Diesen Clip mit dem eingesetzten Modell vorhersagen (Ctrl+Enter)</translation>
    </message>
    <message>
        <source>of {title}</source>
        <translation type="unfinished">von {title}</translation>
    </message>
    <message>
        <source>of {title}, so far</source>
        <translation type="unfinished">von {title}, bisher</translation>
    </message>
    <message>
        <source>of {title}, live</source>
        <translation type="unfinished">von {title}, live</translation>
    </message>
    <message>
        <source>from live play, {percent} of frames, of {title}</source>
        <translation type="unfinished">aus Live-Wiedergabe, {percent} der Bilder, von {title}</translation>
    </message>
    <message>
        <source>Curves {name}</source>
        <translation type="unfinished">Kurven {name}</translation>
    </message>
    <message>
        <source>Live values come from</source>
        <translation type="unfinished">Live-Werte stammen von</translation>
    </message>
    <message>
        <source>In use now:</source>
        <translation type="unfinished">Jetzt im Einsatz:</translation>
    </message>
    <message>
        <source> (an earlier file)</source>
        <translation type="unfinished"> (einer früheren Datei)</translation>
    </message>
    <message>
        <source>These curves come from {shown}{older}. {values} {now}.</source>
        <translation type="unfinished">Diese Kurven stammen von {shown}{older}. {values} {now}.</translation>
    </message>
    <message>
        <source>Record trace</source>
        <translation type="unfinished">Aufzeichnen</translation>
    </message>
    <message>
        <source>Move the mouse on the plane while the clip plays (R)</source>
        <translation type="unfinished">Bewegen Sie die Maus auf der Ebene, während der Clip läuft (R)</translation>
    </message>
    <message>
        <source>Analyse</source>
        <translation type="unfinished">Analysieren</translation>
    </message>
    <message>
        <source>Predict every frame and keep the result (Ctrl+Enter)</source>
        <translation type="unfinished">Jedes Bild vorhersagen und das Ergebnis behalten (Ctrl+Enter)</translation>
    </message>
    <message>
        <source>Keep  (R)</source>
        <translation type="unfinished">Behalten  (R)</translation>
    </message>
    <message>
        <source>End the recording here and keep the trace (R)</source>
        <translation type="unfinished">Aufzeichnung hier beenden und Verlauf behalten (R)</translation>
    </message>
    <message>
        <source>Discard  (Esc)</source>
        <translation type="unfinished">Verwerfen  (Esc)</translation>
    </message>
    <message>
        <source>Discard the trace, after a question (Esc)</source>
        <translation type="unfinished">Verlauf nach Rückfrage verwerfen (Esc)</translation>
    </message>
    <message>
        <source> · {average_rate} frames/s</source>
        <translation type="unfinished"> · {average_rate} Bilder/s</translation>
    </message>
    <message>
        <source> · incomplete</source>
        <translation type="unfinished"> · unvollständig</translation>
    </message>
    <message>
        <source> on {item}</source>
        <translation type="unfinished"> zu {item}</translation>
    </message>
    <message>
        <source>Getting ready …</source>
        <translation type="unfinished">Wird vorbereitet …</translation>
    </message>
    <message>
        <source>Put the mouse on the plane.</source>
        <translation type="unfinished">Bewegen Sie die Maus auf die Ebene.</translation>
    </message>
    <message>
        <source>{rater}{what}. Space pauses.</source>
        <translation type="unfinished">{rater}{what}. Space hält an.</translation>
    </message>
    <message>
        <source>Discard this trace? Press Esc again to discard it, or Space to continue.</source>
        <translation type="unfinished">Verlauf verwerfen? Esc verwirft ihn endgültig, Space fährt fort.</translation>
    </message>
    <message>
        <source>Add videos or images, or drop them on the window.</source>
        <translation type="unfinished">Fügen Sie Videos oder Bilder hinzu, oder ziehen Sie sie auf das Fenster.</translation>
    </message>
    <message>
        <source>The file is not where it was</source>
        <translation type="unfinished">Die Datei ist nicht mehr an ihrem Ort</translation>
    </message>
    <message>
        <source>It may have been moved or renamed, or its disk is not connected. Show where it is now; it is recognised by its content.</source>
        <translation type="unfinished">Sie wurde vielleicht verschoben oder umbenannt, oder ihr Datenträger ist nicht verbunden. Zeigen Sie, wo sie jetzt liegt; sie wird an ihrem Inhalt erkannt.</translation>
    </message>
    <message>
        <source>Find it…</source>
        <translation type="unfinished">Suchen…</translation>
    </message>
    <message>
        <source>The previous clip of this list</source>
        <translation type="unfinished">Der vorige Clip dieser Liste</translation>
    </message>
    <message>
        <source>Next</source>
        <translation type="unfinished">Weiter</translation>
    </message>
    <message>
        <source>The next clip of this list</source>
        <translation type="unfinished">Der nächste Clip dieser Liste</translation>
    </message>
    <message>
        <source>Leave the list; the clip stays</source>
        <translation type="unfinished">Liste verlassen; der Clip bleibt</translation>
    </message>
    <message>
        <source>{title}: {at} of {places}</source>
        <translation type="unfinished">{title}: {at} von {places}</translation>
    </message>
    <message>
        <source>Note here</source>
        <translation type="unfinished">Notiz hier</translation>
    </message>
    <message>
        <source>Makes a note at the frame on screen. Type its words, then press Enter to continue.</source>
        <translation type="unfinished">Macht eine Notiz am gezeigten Bild. Tippen Sie den Text, dann fahren Sie mit Enter fort.</translation>
    </message>
    <message>
        <source>marker comment remark bookmark</source>
        <translation type="unfinished">marke kommentar bemerkung lesezeichen</translation>
    </message>
    <message>
        <source>Begin or end a note over a range</source>
        <translation type="unfinished">Notiz über eine Spanne beginnen oder beenden</translation>
    </message>
    <message>
        <source>The first press begins the note, the next one ends it.</source>
        <translation type="unfinished">Der erste Druck beginnt die Notiz, der nächste beendet sie.</translation>
    </message>
    <message>
        <source>marker span segment</source>
        <translation type="unfinished">marke spanne abschnitt segment</translation>
    </message>
    <message>
        <source>Next note</source>
        <translation type="unfinished">Nächste Notiz</translation>
    </message>
    <message>
        <source>marker jump</source>
        <translation type="unfinished">marke springen</translation>
    </message>
    <message>
        <source>Previous note</source>
        <translation type="unfinished">Vorige Notiz</translation>
    </message>
    <message>
        <source>Code events by keys</source>
        <translation type="unfinished">Ereignisse kodieren</translation>
    </message>
    <message>
        <source>The keys of your categories mark moments, or begin and end states, while the clip plays.</source>
        <translation type="unfinished">Die Tasten Ihrer Kategorien markieren Momente oder beginnen und beenden Zustände, während der Clip läuft.</translation>
    </message>
    <message>
        <source>ethogram behaviour boris elan coding</source>
        <translation type="unfinished">ethogramm verhalten boris elan kodierung</translation>
    </message>
    <message>
        <source>Categories and event keys…</source>
        <translation type="unfinished">Kategorien und Ereignistasten…</translation>
    </message>
    <message>
        <source>ethogram notes behaviour keys</source>
        <translation type="unfinished">ethogramm notizen verhalten tasten</translation>
    </message>
    <message>
        <source>Export notes…</source>
        <translation type="unfinished">Notizen exportieren…</translation>
    </message>
    <message>
        <source>csv table markers events save</source>
        <translation type="unfinished">csv tabelle marken ereignisse speichern</translation>
    </message>
    <message>
        <source>Curves of all faces</source>
        <translation type="unfinished">Kurven aller Gesichter</translation>
    </message>
    <message>
        <source>Draw the curves of the other people, too.</source>
        <translation type="unfinished">Auch die Kurven der anderen Personen zeichnen.</translation>
    </message>
    <message>
        <source>several people tracks</source>
        <translation type="unfinished">mehrere personen spuren</translation>
    </message>
    <message>
        <source>The list of notes on the clip.</source>
        <translation type="unfinished">Die Liste der Notizen zum Clip.</translation>
    </message>
    <message>
        <source>Review</source>
        <translation type="unfinished">Durchsicht</translation>
    </message>
    <message>
        <source>Play clips, and compare predictions with annotations</source>
        <translation type="unfinished">Clips abspielen und Vorhersagen mit Annotationen vergleichen</translation>
    </message>
    <message>
        <source>player play timeline predictions clips</source>
        <translation type="unfinished">player abspielen wiedergabe zeitleiste vorhersagen clips</translation>
    </message>
    <message>
        <source>● predicted   ○ annotated</source>
        <translation type="unfinished">● vorhergesagt   ○ annotiert</translation>
    </message>
    <message>
        <source>Filled: predicted. Hollow: annotated.</source>
        <translation type="unfinished">Gefüllt: vorhergesagt. Hohl: annotiert.</translation>
    </message>
    <message>
        <source>This frame</source>
        <translation type="unfinished">Dieses Bild</translation>
    </message>
    <message>
        <source>Distribution</source>
        <translation type="unfinished">Verteilung</translation>
    </message>
    <message>
        <source>Show what each member of the fusion says</source>
        <translation type="unfinished">Zeigen, was jedes Mitglied der Fusion sagt</translation>
    </message>
    <message>
        <source>Beside the clip</source>
        <translation type="unfinished">Neben dem Clip</translation>
    </message>
    <message>
        <source>Hide members</source>
        <translation type="unfinished">Ohne Mitglieder</translation>
    </message>
    <message>
        <source>Plane</source>
        <translation type="unfinished">Ebene</translation>
    </message>
    <message>
        <source>Curves are hidden while you record, so that they do not lead you.</source>
        <translation type="unfinished">Kurven sind verborgen, während Sie aufzeichnen, damit sie Sie nicht lenken.</translation>
    </message>
    <message>
        <source>The trace was discarded.</source>
        <translation type="unfinished">Der Verlauf wurde verworfen.</translation>
    </message>
    <message>
        <source>The trace was saved.</source>
        <translation type="unfinished">Der Verlauf wurde gespeichert.</translation>
    </message>
    <message>
        <source>It is drawn dashed against the prediction.</source>
        <translation type="unfinished">Er ist gestrichelt gegen die Vorhersage gezeichnet.</translation>
    </message>
    <message>
        <source>Watch a face, and see what a model and what people read in it.</source>
        <translation type="unfinished">Sehen Sie ein Gesicht, und was ein Modell und was Menschen darin lesen.</translation>
    </message>
    <message>
        <source>A clip with known affect and three simulated raters</source>
        <translation type="unfinished">Ein Clip mit bekanntem Affekt und drei simulierten Beurteilern</translation>
    </message>
    <message>
        <source>Camera…</source>
        <translation type="unfinished">Kamera…</translation>
    </message>
    <message>
        <source>See what a model reads in your own face</source>
        <translation type="unfinished">Sehen, was ein Modell in Ihrem eigenen Gesicht liest</translation>
    </message>
    <message>
        <source>Or drop videos, images or a project file anywhere on this window.</source>
        <translation type="unfinished">Oder ziehen Sie Videos, Bilder oder eine Projektdatei irgendwo auf dieses Fenster.</translation>
    </message>
    <message>
        <source>A guided first hour for</source>
        <translation type="unfinished">Eine geführte erste Stunde für</translation>
    </message>
    <message>
        <source>Recent projects</source>
        <translation type="unfinished">Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Place</source>
        <translation type="unfinished">Platz</translation>
    </message>
    <message>
        <source>Purpose</source>
        <translation type="unfinished">Zweck</translation>
    </message>
    <message>
        <source>Task</source>
        <translation type="unfinished">Aufgabe</translation>
    </message>
    <message>
        <source>Seed of the assignment</source>
        <translation type="unfinished">Startwert der Zuweisung</translation>
    </message>
    <message>
        <source>The same seed always gives the same assignment</source>
        <translation type="unfinished">Derselbe Startwert gibt immer dieselbe Zuweisung</translation>
    </message>
    <message>
        <source>Assign the clips</source>
        <translation type="unfinished">Clips zuweisen</translation>
    </message>
    <message>
        <source>In order</source>
        <translation type="unfinished">Der Reihe nach</translation>
    </message>
    <message>
        <source>Balance</source>
        <translation type="unfinished">Verteilung</translation>
    </message>
    <message>
        <source>Assignment</source>
        <translation type="unfinished">Zuweisung</translation>
    </message>
    <message>
        <source>Assign again</source>
        <translation type="unfinished">Neu zuweisen</translation>
    </message>
    <message>
        <source>This is a preview. Nothing has been assigned yet.</source>
        <translation type="unfinished">Dies ist eine Vorschau. Noch ist nichts zugewiesen.</translation>
    </message>
    <message>
        <source>Assigned. Nothing has changed since.</source>
        <translation type="unfinished">Zugewiesen. Seitdem hat sich nichts geändert.</translation>
    </message>
    <message>
        <source>Clips, raters or the design have changed: assign again. What raters have begun stays as it is.</source>
        <translation type="unfinished">Clips, Beurteiler oder das Design haben sich geändert: weisen Sie neu zu. Was Beurteiler begonnen haben, bleibt, wie es ist.</translation>
    </message>
    <message>
        <source>{judgements_have} no rater yet. Add raters, or ask for fewer raters for each clip.</source>
        <translation type="unfinished">{judgements_have} noch keinen Beurteiler. Fügen Sie Beurteiler hinzu, oder verlangen Sie weniger je Clip.</translation>
    </message>
    <message>
        <source>judgement has</source>
        <translation type="unfinished">Urteil hat</translation>
    </message>
    <message>
        <source>judgements have</source>
        <translation type="unfinished">Urteile haben</translation>
    </message>
    <message>
        <source>In all</source>
        <translation type="unfinished">Gesamt</translation>
    </message>
    <message>
        <source>The strength of each emotion</source>
        <translation type="unfinished">Die Stärke jeder Emotion</translation>
    </message>
    <message>
        <source>Which one fits best</source>
        <translation type="unfinished">Welche am besten passt</translation>
    </message>
    <message>
        <source>Add word</source>
        <translation type="unfinished">Neues Wort</translation>
    </message>
    <message>
        <source>Dimensions that are traced</source>
        <translation type="unfinished">Aufgezeichnete Dimensionen</translation>
    </message>
    <message>
        <source>Name of the study</source>
        <translation type="unfinished">Name der Studie</translation>
    </message>
    <message>
        <source>Title, which raters read</source>
        <translation type="unfinished">Titel, den Beurteiler lesen</translation>
    </message>
    <message>
        <source>What raters read on the first page</source>
        <translation type="unfinished">Was Beurteiler auf der ersten Seite lesen</translation>
    </message>
    <message>
        <source>Another word</source>
        <translation type="unfinished">Weiteres Wort</translation>
    </message>
    <message>
        <source>{view_words}: with sound</source>
        <translation type="unfinished">{view_words}: mit Ton</translation>
    </message>
    <message>
        <source>What is asked</source>
        <translation type="unfinished">Was gefragt wird</translation>
    </message>
    <message>
        <source>In these words</source>
        <translation type="unfinished">Mit diesen Wörtern</translation>
    </message>
    <message>
        <source>How clips are shown</source>
        <translation type="unfinished">Wie Clips gezeigt werden</translation>
    </message>
    <message>
        <source>All</source>
        <translation type="unfinished">Alle</translation>
    </message>
    <message>
        <source>None</source>
        <translation type="unfinished">Keine</translation>
    </message>
    <message>
        <source>Clips and faces to judge</source>
        <translation type="unfinished">Clips und Gesichter</translation>
    </message>
    <message>
        <source>Raters judge what is ticked. Space ticks the chosen line.</source>
        <translation type="unfinished">Beurteilt wird, was angehakt ist. Space hakt die gewählte Zeile an.</translation>
    </message>
    <message>
        <source>face {track_no}</source>
        <translation type="unfinished">Gesicht {track_no}</translation>
    </message>
    <message>
        <source>face marked by hand</source>
        <translation type="unfinished">Gesicht von Hand markiert</translation>
    </message>
    <message>
        <source>no face found</source>
        <translation type="unfinished">kein Gesicht gefunden</translation>
    </message>
    <message>
        <source>not analysed yet</source>
        <translation type="unfinished">noch nicht analysiert</translation>
    </message>
    <message>
        <source>Design</source>
        <translation type="unfinished">Design</translation>
    </message>
    <message>
        <source>Assign clips that cannot be shown in every condition</source>
        <translation type="unfinished">Clips zuweisen, die nicht in jeder Bedingung gezeigt werden können</translation>
    </message>
    <message>
        <source>Practice clip</source>
        <translation type="unfinished">Übungsclip</translation>
    </message>
    <message>
        <source>Expected category</source>
        <translation type="unfinished">Erwartete Kategorie</translation>
    </message>
    <message>
        <source>no clip</source>
        <translation type="unfinished">kein Clip</translation>
    </message>
    <message>
        <source>any answer</source>
        <translation type="unfinished">jede Antwort</translation>
    </message>
    <message>
        <source>Practise first on</source>
        <translation type="unfinished">Zuerst üben an</translation>
    </message>
    <message>
        <source>Expected there</source>
        <translation type="unfinished">Dort erwartet</translation>
    </message>
    <message>
        <source>Who sees what</source>
        <translation type="unfinished">Wer was sieht</translation>
    </message>
    <message>
        <source>The time is estimated: the length of each clip, 2 s for each emotion, 4 s for the category, and 10 s more for a trace</source>
        <translation type="unfinished">Die Zeit ist geschätzt: die Länge jedes Clips, 2 s je Emotion, 4 s für die Kategorie und weitere 10 s für einen Verlauf</translation>
    </message>
    <message>
        <source>What each rater gets</source>
        <translation type="unfinished">Was jeder Beurteiler bekommt</translation>
    </message>
    <message>
        <source>Analysing…</source>
        <translation type="unfinished">Wird analysiert…</translation>
    </message>
    <message>
        <source>Number of raters to add</source>
        <translation type="unfinished">Anzahl neuer Beurteiler</translation>
    </message>
    <message>
        <source>Or codes of your own, such as Ana Ben</source>
        <translation type="unfinished">Oder eigene Kürzel, etwa Ana Ben</translation>
    </message>
    <message>
        <source>Codes of your own</source>
        <translation type="unfinished">Eigene Kürzel</translation>
    </message>
    <message>
        <source>Raters sign in on the Annotate screen with their code instead of their name. They see no predictions and nobody else&apos;s labels.</source>
        <translation type="unfinished">Beurteiler melden sich in der Ansicht „Annotieren“ mit ihrem Kürzel statt mit ihrem Namen an. Sie sehen keine Vorhersagen und keine Labels anderer.</translation>
    </message>
    <message>
        <source>Add {codes}</source>
        <translation type="unfinished">{codes} hinzufügen</translation>
    </message>
    <message>
        <source>Add {first} to {last}</source>
        <translation type="unfinished">{first} bis {last} hinzufügen</translation>
    </message>
    <message>
        <source>What is judged</source>
        <translation type="unfinished">Was beurteilt wird</translation>
    </message>
    <message>
        <source>Who judges</source>
        <translation type="unfinished">Wer beurteilt</translation>
    </message>
    <message>
        <source>{condition} with sound</source>
        <translation type="unfinished">{condition} mit Ton</translation>
    </message>
    <message>
        <source>{condition} without sound</source>
        <translation type="unfinished">{condition} ohne Ton</translation>
    </message>
    <message>
        <source>Nobody yet</source>
        <translation type="unfinished">Noch niemand</translation>
    </message>
    <message>
        <source>about {time} for each rater</source>
        <translation type="unfinished">etwa {time} je Beurteiler</translation>
    </message>
    <message>
        <source> to </source>
        <translation type="unfinished"> bis </translation>
    </message>
    <message>
        <source>The strength of {emotions}</source>
        <translation type="unfinished">Die Stärke von {emotions}</translation>
    </message>
    <message>
        <source>Nothing.</source>
        <translation type="unfinished">Nichts.</translation>
    </message>
    <message>
        <source>Clips and faces</source>
        <translation type="unfinished">Clips und Gesichter</translation>
    </message>
    <message>
        <source>Deal</source>
        <translation type="unfinished">Zuteilen</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation type="unfinished">Neu beginnen</translation>
    </message>
    <message>
        <source>Forgets the choices made here</source>
        <translation type="unfinished">Vergisst, was hier gewählt wurde</translation>
    </message>
    <message>
        <source>Back to the studies; what was chosen here stays for the next time (Esc)</source>
        <translation type="unfinished">Zurück zu den Studien; was hier gewählt wurde, bleibt für das nächste Mal (Esc)</translation>
    </message>
    <message>
        <source>New study</source>
        <translation type="unfinished">Neue Studie</translation>
    </message>
    <message>
        <source>Something is in the way here</source>
        <translation type="unfinished">Hier steht etwas im Weg</translation>
    </message>
    <message>
        <source>Deal the clips</source>
        <translation type="unfinished">Clips zuteilen</translation>
    </message>
    <message>
        <source>Clip or question</source>
        <translation type="unfinished">Clip oder Frage</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation type="unfinished">Erwartet</translation>
    </message>
    <message>
        <source>Practice clips and attention checks</source>
        <translation type="unfinished">Übungsclips und Aufmerksamkeitstests</translation>
    </message>
    <message>
        <source>Practice</source>
        <translation type="unfinished">Übung</translation>
    </message>
    <message>
        <source>Add a clip to practise on (Insert)</source>
        <translation type="unfinished">Einen Clip zum Üben hinzufügen (Insert)</translation>
    </message>
    <message>
        <source>Add an attention check</source>
        <translation type="unfinished">Einen Aufmerksamkeitstest hinzufügen</translation>
    </message>
    <message>
        <source>Practice clips come first, in this order, and raters get feedback. Attention checks appear between clips. Answers to both are not analysed, and a clip used here is left out of the study&apos;s judgements.</source>
        <translation type="unfinished">Übungsclips kommen zuerst, in dieser Reihenfolge, mit Rückmeldung an die Beurteiler. Aufmerksamkeitstests erscheinen zwischen Clips. Antworten auf beide werden nicht ausgewertet, und ein hier verwendeter Clip fehlt in den Urteilen der Studie.</translation>
    </message>
    <message>
        <source>Practice, {kind_words}</source>
        <translation type="unfinished">Übung, {kind_words}</translation>
    </message>
    <message>
        <source>Check {name}</source>
        <translation type="unfinished">Test {name}</translation>
    </message>
    <message>
        <source>no verdict</source>
        <translation type="unfinished">keine Wertung</translation>
    </message>
    <message>
        <source>nothing yet</source>
        <translation type="unfinished">noch nichts</translation>
    </message>
    <message>
        <source>to</source>
        <translation type="unfinished">bis</translation>
    </message>
    <message>
        <source>at least</source>
        <translation type="unfinished">mindestens</translation>
    </message>
    <message>
        <source>at most</source>
        <translation type="unfinished">höchstens</translation>
    </message>
    <message>
        <source>{name}: {which}; below {ends} means any</source>
        <translation type="unfinished">{name}: {which}; unter {ends} heißt beliebig</translation>
    </message>
    <message>
        <source>Codes are listed, unless an owner looks after the project</source>
        <translation type="unfinished">Kürzel sind gelistet, außer ein Eigentümer betreut das Projekt</translation>
    </message>
    <message>
        <source>Codes are listed: raters choose theirs</source>
        <translation type="unfinished">Kürzel sind gelistet: Beurteiler wählen ihres</translation>
    </message>
    <message>
        <source>Codes are not listed: raters type theirs</source>
        <translation type="unfinished">Kürzel sind nicht gelistet: Beurteiler tippen ihres</translation>
    </message>
    <message>
        <source>No check of sound and screen</source>
        <translation type="unfinished">Ton und Bildschirm nicht prüfen</translation>
    </message>
    <message>
        <source>Offer a check of sound and screen</source>
        <translation type="unfinished">Prüfung von Ton und Bildschirm anbieten</translation>
    </message>
    <message>
        <source>Require a check of sound and screen</source>
        <translation type="unfinished">Prüfung von Ton und Bildschirm verlangen</translation>
    </message>
    <message>
        <source>The face alone ends at its jaw and hairline</source>
        <translation type="unfinished">Das Gesicht allein endet an Kiefer und Haaransatz</translation>
    </message>
    <message>
        <source>The face alone is an oval</source>
        <translation type="unfinished">Das Gesicht allein ist ein Oval</translation>
    </message>
    <message>
        <source>Shape of the face alone</source>
        <translation type="unfinished">Form des Gesichts allein</translation>
    </message>
    <message>
        <source>Check of sound and screen</source>
        <translation type="unfinished">Prüfung von Ton und Bildschirm</translation>
    </message>
    <message>
        <source>Codes at sign-in</source>
        <translation type="unfinished">Kürzel beim Anmelden</translation>
    </message>
    <message>
        <source>Raters without a PIN cannot sign in</source>
        <translation type="unfinished">Beurteiler ohne PIN können sich nicht anmelden</translation>
    </message>
    <message>
        <source>Finish one condition before the next begins</source>
        <translation type="unfinished">Eine Bedingung abschließen, bevor die nächste beginnt</translation>
    </message>
    <message>
        <source>Let raters judge the face alone after full context</source>
        <translation type="unfinished">Nur Gesicht auch nach vollem Kontext beurteilen lassen</translation>
    </message>
    <message>
        <source>Measure each rater&apos;s reaction lag first</source>
        <translation type="unfinished">Zuerst die Reaktionszeit jedes Beurteilers messen</translation>
    </message>
    <message>
        <source>Before the first clip</source>
        <translation type="unfinished">Vor dem ersten Clip</translation>
    </message>
    <message>
        <source>Practice and checks</source>
        <translation type="unfinished">Übung und Tests</translation>
    </message>
    <message>
        <source>Edit practice clips, attention checks and expected answers in the tab at the right.</source>
        <translation type="unfinished">Bearbeiten Sie Übungsclips, Aufmerksamkeitstests und erwartete Antworten im Reiter rechts.</translation>
    </message>
    <message>
        <source>The first follows turned heads and shows no background. Keep the oval if raters have judged with it: other pictures may be judged otherwise</source>
        <translation type="unfinished">Die erste Form folgt gedrehten Köpfen und zeigt keinen Hintergrund. Behalten Sie das Oval, wenn schon damit beurteilt wurde: andere Bilder werden vielleicht anders beurteilt</translation>
    </message>
    <message>
        <source>Share of a clip in which the face must be visible</source>
        <translation type="unfinished">Anteil eines Clips, in dem das Gesicht sichtbar sein muss</translation>
    </message>
    <message>
        <source>Clips in which the face is visible for a smaller share are not shown in conditions that need the face</source>
        <translation type="unfinished">Clips, in denen das Gesicht in einem kleineren Anteil sichtbar ist, werden in Bedingungen, die das Gesicht brauchen, nicht gezeigt</translation>
    </message>
    <message>
        <source>Face visible in a clip for at least</source>
        <translation type="unfinished">Gesicht im Clip sichtbar für mindestens</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation type="unfinished">Was zu tun ist</translation>
    </message>
    <message>
        <source>Problems left by older versions</source>
        <translation type="unfinished">Probleme aus früheren Versionen</translation>
    </message>
    <message>
        <source>Problems left by older versions (nothing was deleted)</source>
        <translation type="unfinished">Probleme aus früheren Versionen (nichts wurde gelöscht)</translation>
    </message>
    <message>
        <source>none, only the text</source>
        <translation type="unfinished">keiner, nur der Text</translation>
    </message>
    <message>
        <source>{name} (not asked)</source>
        <translation type="unfinished">{name} (nicht gefragt)</translation>
    </message>
    <message>
        <source>This clip is not in the project.</source>
        <translation type="unfinished">Dieser Clip ist nicht im Projekt.</translation>
    </message>
    <message>
        <source>Nothing is expected, so the rater gets no verdict.</source>
        <translation type="unfinished">Nichts wird erwartet, darum gibt es keine Wertung.</translation>
    </message>
    <message>
        <source>Nothing is expected yet. Say which answer passes this check.</source>
        <translation type="unfinished">Noch wird nichts erwartet. Geben Sie an, mit welcher Antwort der Test bestanden ist.</translation>
    </message>
    <message>
        <source>Letters, digits, _ - and .; stored with the answers</source>
        <translation type="unfinished">Buchstaben, Ziffern, _ - und .; mit den Antworten gespeichert</translation>
    </message>
    <message>
        <source>Shown when the answer is as expected</source>
        <translation type="unfinished">Gezeigt, wenn die Antwort wie erwartet ist</translation>
    </message>
    <message>
        <source>Shown when it is not</source>
        <translation type="unfinished">Gezeigt, wenn nicht</translation>
    </message>
    <message>
        <source>Shown after every answer</source>
        <translation type="unfinished">Gezeigt nach jeder Antwort</translation>
    </message>
    <message>
        <source>What the rater is asked to do</source>
        <translation type="unfinished">Was der Beurteiler tun soll</translation>
    </message>
    <message>
        <source>Question</source>
        <translation type="unfinished">Frage</translation>
    </message>
    <message>
        <source>Expected ratings</source>
        <translation type="unfinished">Erwartete Bewertungen</translation>
    </message>
    <message>
        <source>Expected mean</source>
        <translation type="unfinished">Erwartetes Mittel</translation>
    </message>
    <message>
        <source>Feedback</source>
        <translation type="unfinished">Rückmeldung</translation>
    </message>
    <message>
        <source>If as expected</source>
        <translation type="unfinished">Wenn wie erwartet</translation>
    </message>
    <message>
        <source>If not</source>
        <translation type="unfinished">Wenn nicht</translation>
    </message>
    <message>
        <source>{chosen} (no longer in the project)</source>
        <translation type="unfinished">{chosen} (nicht mehr im Projekt)</translation>
    </message>
    <message>
        <source>Web page (*.html);;JSON (*.json)</source>
        <translation type="unfinished">Webseite (*.html);;JSON (*.json)</translation>
    </message>
    <message>
        <source>Simulate</source>
        <translation type="unfinished">Simulieren</translation>
    </message>
    <message>
        <source>Simulates and analyses studies of each size; nothing is stored</source>
        <translation type="unfinished">Simuliert und analysiert Studien jeder Größe; nichts wird gespeichert</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation type="unfinished">Speichern…</translation>
    </message>
    <message>
        <source>The answer as a web page or as JSON</source>
        <translation type="unfinished">Die Antwort als Webseite oder als JSON</translation>
    </message>
    <message>
        <source>For a paper or a preregistration</source>
        <translation type="unfinished">Für einen Artikel oder eine Präregistrierung</translation>
    </message>
    <message>
        <source>Enough</source>
        <translation type="unfinished">Genügt</translation>
    </message>
    <message>
        <source>Sizes that were tried</source>
        <translation type="unfinished">Geprüfte Größen</translation>
    </message>
    <message>
        <source>Width or power over the size of the study</source>
        <translation type="unfinished">Breite oder Teststärke nach Größe der Studie</translation>
    </message>
    <message>
        <source>Simulating …</source>
        <translation type="unfinished">Simulation läuft …</translation>
    </message>
    <message>
        <source>Planning a study</source>
        <translation type="unfinished">Studie planen</translation>
    </message>
    <message>
        <source>Studies of each size are drawn at random from this project&apos;s labels, or from assumptions, and analysed as Agreement does. The answer says which size is enough.</source>
        <translation type="unfinished">Studien jeder Größe werden zufällig aus den Labels dieses Projekts oder aus Annahmen gezogen und wie unter „Übereinstimmung“ analysiert. Die Antwort sagt, welche Größe genügt.</translation>
    </message>
    <message>
        <source>Enough: {size_words}. </source>
        <translation type="unfinished">Es genügt: {size_words}. </translation>
    </message>
    <message>
        <source>Power</source>
        <translation type="unfinished">Teststärke</translation>
    </message>
    <message>
        <source>Mean width</source>
        <translation type="unfinished">Mittlere Breite</translation>
    </message>
    <message>
        <source> over {x_name}</source>
        <translation type="unfinished"> nach {x_name}</translation>
    </message>
    <message>
        <source>Save plan</source>
        <translation type="unfinished">Plan speichern</translation>
    </message>
    <message>
        <source>Saved {path_of}.</source>
        <translation type="unfinished">{path_of} gespeichert.</translation>
    </message>
    <message>
        <source>Saving the plan</source>
        <translation type="unfinished">Plan wird gespeichert</translation>
    </message>
    <message>
        <source>Interval of alpha</source>
        <translation type="unfinished">Intervall von Alpha</translation>
    </message>
    <message>
        <source>Interval of ICC</source>
        <translation type="unfinished">Intervall der ICC</translation>
    </message>
    <message>
        <source>Interval of kappa</source>
        <translation type="unfinished">Intervall von Kappa</translation>
    </message>
    <message>
        <source>Interval of traces&apos; CCC</source>
        <translation type="unfinished">Intervall der CCC von Verläufen</translation>
    </message>
    <message>
        <source>Effect of the condition</source>
        <translation type="unfinished">Effekt der Bedingung</translation>
    </message>
    <message>
        <source>Goal of the plan</source>
        <translation type="unfinished">Ziel des Plans</translation>
    </message>
    <message>
        <source>Source of the variances</source>
        <translation type="unfinished">Herkunft der Varianzen</translation>
    </message>
    <message>
        <source>This project&apos;s labels</source>
        <translation type="unfinished">Labels dieses Projekts</translation>
    </message>
    <message>
        <source>Assumptions</source>
        <translation type="unfinished">Annahmen</translation>
    </message>
    <message>
        <source>Widest interval, or size of the effect</source>
        <translation type="unfinished">Breitestes Intervall, oder Größe des Effekts</translation>
    </message>
    <message>
        <source>Level of the interval</source>
        <translation type="unfinished">Niveau des Intervalls</translation>
    </message>
    <message>
        <source>Wanted power</source>
        <translation type="unfinished">Soll-Teststärke</translation>
    </message>
    <message>
        <source>Number of emotions over which p is adjusted</source>
        <translation type="unfinished">Anzahl der Emotionen, über die p adjustiert wird</translation>
    </message>
    <message>
        <source>Numbers of subjects</source>
        <translation type="unfinished">Anzahlen von Personen</translation>
    </message>
    <message>
        <source>Numbers of clips for each subject</source>
        <translation type="unfinished">Anzahlen von Clips je Person</translation>
    </message>
    <message>
        <source>Items for each clip</source>
        <translation type="unfinished">Items je Clip</translation>
    </message>
    <message>
        <source>Numbers of raters</source>
        <translation type="unfinished">Anzahlen von Beurteilern</translation>
    </message>
    <message>
        <source>Emotion of the labels to plan for</source>
        <translation type="unfinished">Emotion der Labels, für die geplant wird</translation>
    </message>
    <message>
        <source>Dimension of the traces</source>
        <translation type="unfinished">Dimension der Verläufe</translation>
    </message>
    <message>
        <source>Share of ratings above the lowest point</source>
        <translation type="unfinished">Anteil der Bewertungen über dem niedrigsten Punkt</translation>
    </message>
    <message>
        <source>Ends of the scale</source>
        <translation type="unfinished">Enden der Skala</translation>
    </message>
    <message>
        <source>Lowest and highest point, such as 0:5 or -3:3</source>
        <translation type="unfinished">Niedrigster und höchster Punkt, etwa 0:5 oder -3:3</translation>
    </message>
    <message>
        <source>Distance between two points of the scale</source>
        <translation type="unfinished">Abstand zweier Punkte der Skala</translation>
    </message>
    <message>
        <source>Distance between two points of the scale; 0 for a slider</source>
        <translation type="unfinished">Abstand zweier Punkte der Skala; 0 für einen Schieber</translation>
    </message>
    <message>
        <source>Variance of {part}s in squared points</source>
        <translation type="unfinished">Varianz von {part} in Quadratpunkten</translation>
    </message>
    <message>
        <source>Separate raters for each condition</source>
        <translation type="unfinished">Andere Beurteiler für jede Bedingung</translation>
    </message>
    <message>
        <source>Simulated studies of each size</source>
        <translation type="unfinished">Simulierte Studien jeder Größe</translation>
    </message>
    <message>
        <source>Planned for</source>
        <translation type="unfinished">Geplant für</translation>
    </message>
    <message>
        <source>Variances from</source>
        <translation type="unfinished">Varianzen aus</translation>
    </message>
    <message>
        <source>Level</source>
        <translation type="unfinished">Niveau</translation>
    </message>
    <message>
        <source>Clips for each</source>
        <translation type="unfinished">Clips je Person</translation>
    </message>
    <message>
        <source>Emotions</source>
        <translation type="unfinished">Emotionen</translation>
    </message>
    <message>
        <source>Simulated studies</source>
        <translation type="unfinished">Simulierte Studien</translation>
    </message>
    <message>
        <source>Variance of {part}</source>
        <translation type="unfinished">Varianz von {part}</translation>
    </message>
    <message>
        <source>Steps of</source>
        <translation type="unfinished">Schritte von</translation>
    </message>
    <message>
        <source>Mean over all</source>
        <translation type="unfinished">Mittel über alle</translation>
    </message>
    <message>
        <source>Difference (points²)</source>
        <translation type="unfinished">Differenz (Punkte²)</translation>
    </message>
    <message>
        <source>Widest interval</source>
        <translation type="unfinished">Breitestes Intervall</translation>
    </message>
    <message>
        <source>Difference of the mean within-item variance of two conditions</source>
        <translation type="unfinished">Differenz der mittleren Varianz innerhalb der Items zwischen zwei Bedingungen</translation>
    </message>
    <message>
        <source>“{entry}” is not a list of numbers ({field}).</source>
        <translation type="unfinished">„{entry}“ ist keine Liste von Zahlen ({field}).</translation>
    </message>
    <message>
        <source>Write whole numbers from 1, separated by commas, such as 6, 12, 24.</source>
        <translation type="unfinished">Geben Sie ganze Zahlen ab 1 ein, durch Kommas getrennt, etwa 6, 12, 24.</translation>
    </message>
    <message>
        <source>{name} to try, separated by commas</source>
        <translation type="unfinished">{name} zum Prüfen, durch Kommas getrennt</translation>
    </message>
    <message>
        <source>Back to the study</source>
        <translation type="unfinished">Zurück zur Studie</translation>
    </message>
    <message>
        <source>Plan a study</source>
        <translation type="unfinished">Studie planen</translation>
    </message>
    <message>
        <source>of</source>
        <translation type="unfinished">von</translation>
    </message>
    <message>
        <source>Attention checks</source>
        <translation type="unfinished">Aufmerksamkeitstests</translation>
    </message>
    <message>
        <source>Add rater</source>
        <translation type="unfinished">Hinzufügen</translation>
    </message>
    <message>
        <source>Fill with simulated raters…</source>
        <translation type="unfinished">Mit simulierten Beurteilern füllen…</translation>
    </message>
    <message>
        <source>For trials; their answers are always marked as simulated</source>
        <translation type="unfinished">Zum Ausprobieren; ihre Antworten sind immer als simuliert markiert</translation>
    </message>
    <message>
        <source>Code, such as R01</source>
        <translation type="unfinished">Kürzel, etwa R01</translation>
    </message>
    <message>
        <source>Code of a new rater</source>
        <translation type="unfinished">Kürzel eines neuen Beurteilers</translation>
    </message>
    <message>
        <source>PIN, if wanted</source>
        <translation type="unfinished">PIN, falls gewünscht</translation>
    </message>
    <message>
        <source>PIN of a new rater, if wanted</source>
        <translation type="unfinished">PIN eines neuen Beurteilers, falls gewünscht</translation>
    </message>
    <message>
        <source>{passed} of {asked} passed</source>
        <translation type="unfinished">{passed} von {asked} bestanden</translation>
    </message>
    <message>
        <source>New study…</source>
        <translation type="unfinished">Neue Studie…</translation>
    </message>
    <message>
        <source>From clips and faces over questions and raters to a study that is dealt, page by page.</source>
        <translation type="unfinished">Von Clips und Gesichtern über Fragen und Beurteiler zu einer zugeteilten Studie, Seite für Seite.</translation>
    </message>
    <message>
        <source>assistant wizard deal assign study</source>
        <translation type="unfinished">assistent zuteilen zuweisen studie einrichten</translation>
    </message>
    <message>
        <source>Show problems of the project</source>
        <translation type="unfinished">Probleme des Projekts zeigen</translation>
    </message>
    <message>
        <source>Clips that cannot be shown as planned, and answers and traces that faults of older versions left behind.</source>
        <translation type="unfinished">Clips, die nicht wie geplant gezeigt werden können, und Antworten und Verläufe, die Fehler früherer Versionen hinterlassen haben.</translation>
    </message>
    <message>
        <source>Set up who judges which clips, and how they are shown</source>
        <translation type="unfinished">Einrichten, wer welche Clips beurteilt und wie sie gezeigt werden</translation>
    </message>
    <message>
        <source>new assistant assign deal raters conditions questions emotions power plan sample size</source>
        <translation type="unfinished">neu assistent zuweisen zuteilen beurteiler bedingungen fragen emotionen teststärke power plan stichprobe</translation>
    </message>
    <message>
        <source>Study files (*.toml)</source>
        <translation type="unfinished">Studiendateien (*.toml)</translation>
    </message>
    <message>
        <source>Saves the study as its next version; every answer records its version</source>
        <translation type="unfinished">Speichert die Studie als nächste Version; jede Antwort hält ihre Version fest</translation>
    </message>
    <message>
        <source>Undo changes</source>
        <translation type="unfinished">Verwerfen</translation>
    </message>
    <message>
        <source>Clips that cannot be shown as planned</source>
        <translation type="unfinished">Clips, die nicht wie geplant gezeigt werden können</translation>
    </message>
    <message>
        <source>Parts of the study</source>
        <translation type="unfinished">Teile der Studie</translation>
    </message>
    <message>
        <source>Changes to the study “{name}” are not saved.</source>
        <translation type="unfinished">Änderungen an der Studie „{name}“ sind nicht gespeichert.</translation>
    </message>
    <message>
        <source>The new study is not dealt yet.</source>
        <translation type="unfinished">Die neue Studie ist noch nicht zugeteilt.</translation>
    </message>
    <message>
        <source>{name} is dealt.</source>
        <translation type="unfinished">{name} ist zugeteilt.</translation>
    </message>
    <message>
        <source>Raters can judge it now.</source>
        <translation type="unfinished">Beurteiler können sie jetzt beurteilen.</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation type="unfinished">Plan</translation>
    </message>
    <message>
        <source>Version {version}</source>
        <translation type="unfinished">Version {version}</translation>
    </message>
    <message>
        <source> and {count} simulated</source>
        <translation type="unfinished"> und {count} simuliert</translation>
    </message>
    <message>
        <source>Problems ({problems})</source>
        <translation type="unfinished">Probleme ({problems})</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation type="unfinished">Probleme</translation>
    </message>
    <message>
        <source>Save as version {version}</source>
        <translation type="unfinished">Als Version {version} speichern</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation type="unfinished">Gespeichert</translation>
    </message>
    <message>
        <source>Plan a study…</source>
        <translation type="unfinished">Studie planen…</translation>
    </message>
    <message>
        <source>A study is part of a project, like its clips.</source>
        <translation type="unfinished">Eine Studie ist Teil eines Projekts, wie seine Clips.</translation>
    </message>
    <message>
        <source>Add the videos or images that are to be judged.</source>
        <translation type="unfinished">Fügen Sie die Videos oder Bilder hinzu, die beurteilt werden sollen.</translation>
    </message>
    <message>
        <source>No study yet</source>
        <translation type="unfinished">Noch keine Studie</translation>
    </message>
    <message>
        <source>In the default study raters rate nine emotions from 0 to 5, choose the one that fits best, and trace valence and arousal, first with the face alone and then with full context. You can change everything.</source>
        <translation type="unfinished">In der Standardstudie bewerten Beurteiler neun Emotionen von 0 bis 5, wählen die am besten passende und zeichnen Valenz und Arousal auf, zuerst mit nur Gesicht, dann mit vollem Kontext. Sie können alles ändern.</translation>
    </message>
    <message>
        <source>Make the default study</source>
        <translation type="unfinished">Standardstudie anlegen</translation>
    </message>
    <message>
        <source>Import a study file…</source>
        <translation type="unfinished">Studiendatei importieren…</translation>
    </message>
    <message>
        <source>Another study in this project, page by page</source>
        <translation type="unfinished">Eine weitere Studie in diesem Projekt, Seite für Seite</translation>
    </message>
    <message>
        <source>Copy…</source>
        <translation type="unfinished">Kopieren…</translation>
    </message>
    <message>
        <source>A study like this one, under another name</source>
        <translation type="unfinished">Eine Studie wie diese, unter anderem Namen</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation type="unfinished">Importieren…</translation>
    </message>
    <message>
        <source>From a study file</source>
        <translation type="unfinished">Aus einer Studiendatei</translation>
    </message>
    <message>
        <source>As a text file with labels, languages, instructions and all other settings</source>
        <translation type="unfinished">Als Textdatei mit Bezeichnungen, Sprachen, Anweisungen und allen anderen Einstellungen</translation>
    </message>
    <message>
        <source>Who judges what</source>
        <translation type="unfinished">Wer was beurteilt</translation>
    </message>
    <message>
        <source>A clip that cannot be shown in one condition is not assigned in any, unless you allow it at the left. Analyse clips first so that faces are tracked.</source>
        <translation type="unfinished">Ein Clip, der in einer Bedingung nicht gezeigt werden kann, wird in keiner zugewiesen, außer Sie erlauben es links. Analysieren Sie Clips zuerst, damit Gesichter verfolgt werden.</translation>
    </message>
    <message>
        <source>Simulated raters</source>
        <translation type="unfinished">Simulierte Beurteiler</translation>
    </message>
    <message>
        <source>How many? Their answers are always marked as simulated.</source>
        <translation type="unfinished">Wie viele? Ihre Antworten sind immer als simuliert markiert.</translation>
    </message>
    <message>
        <source>Simulating raters</source>
        <translation type="unfinished">Beurteiler werden simuliert</translation>
    </message>
    <message>
        <source>Copy the study</source>
        <translation type="unfinished">Studie kopieren</translation>
    </message>
    <message>
        <source>Name of the copy</source>
        <translation type="unfinished">Name der Kopie</translation>
    </message>
    <message>
        <source>Import a study</source>
        <translation type="unfinished">Studie importieren</translation>
    </message>
    <message>
        <source>Export the study</source>
        <translation type="unfinished">Studie exportieren</translation>
    </message>
    <message>
        <source>Held-out subjects</source>
        <translation type="unfinished">Zurückgehaltene Personen</translation>
    </message>
    <message>
        <source>Cross-validation</source>
        <translation type="unfinished">Kreuzvalidierung</translation>
    </message>
    <message>
        <source>Drawing {name} beside the model it was compared with</source>
        <translation type="unfinished">{name} wird neben dem Vergleichsmodell gezeichnet</translation>
    </message>
    <message>
        <source>Rows are labels, and columns are the model&apos;s predictions. A click on a cell, or Enter, plays its clips.</source>
        <translation type="unfinished">Zeilen sind Labels, Spalten sind die Vorhersagen des Modells. Ein Klick auf eine Zelle, oder Enter, spielt ihre Clips ab.</translation>
    </message>
    <message>
        <source>The people who were tested</source>
        <translation type="unfinished">Die getesteten Personen</translation>
    </message>
    <message>
        <source>Labels against predictions</source>
        <translation type="unfinished">Labels gegen Vorhersagen</translation>
    </message>
    <message>
        <source>{words}: {items}, {share} % of this label</source>
        <translation type="unfinished">{words}: {items}, {share} % dieses Labels</translation>
    </message>
    <message>
        <source>The loss, and the model&apos;s score on people it is not trained on, are drawn here epoch by epoch.</source>
        <translation type="unfinished">Der Verlust und der Wert des Modells bei Personen, auf denen es nicht trainiert wird, werden hier Epoche für Epoche gezeichnet.</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation type="unfinished">Verlust</translation>
    </message>
    <message>
        <source>Validation CCC</source>
        <translation type="unfinished">Validierungs-CCC</translation>
    </message>
    <message>
        <source>Validation accuracy and UAR</source>
        <translation type="unfinished">Validierung: Genauigkeit und UAR</translation>
    </message>
    <message>
        <source>by epoch</source>
        <translation type="unfinished">je Epoche</translation>
    </message>
    <message>
        <source>solid: the model</source>
        <translation type="unfinished">voll: das Modell</translation>
    </message>
    <message>
        <source>thin: {folds}</source>
        <translation type="unfinished">dünn: {folds}</translation>
    </message>
    <message>
        <source>fold</source>
        <translation type="unfinished">Fold</translation>
    </message>
    <message>
        <source>folds</source>
        <translation type="unfinished">Folds</translation>
    </message>
    <message>
        <source>dashed: their mean</source>
        <translation type="unfinished">gestrichelt: ihr Mittel</translation>
    </message>
    <message>
        <source>upright: best epoch</source>
        <translation type="unfinished">senkrecht: beste Epoche</translation>
    </message>
    <message>
        <source>Relative to the fastest rater</source>
        <translation type="unfinished">Relativ zum schnellsten Beurteiler</translation>
    </message>
    <message>
        <source>Calibrated</source>
        <translation type="unfinished">Kalibriert</translation>
    </message>
    <message>
        <source>Leave them in</source>
        <translation type="unfinished">Nicht entfernen</translation>
    </message>
    <message>
        <source>The most votes; no ties</source>
        <translation type="unfinished">Meiste; kein Gleichstand</translation>
    </message>
    <message>
        <source>More than half</source>
        <translation type="unfinished">Mehr als die Hälfte</translation>
    </message>
    <message>
        <source>Dawid and Skene</source>
        <translation type="unfinished">Dawid und Skene</translation>
    </message>
    <message>
        <source>Shares of the votes</source>
        <translation type="unfinished">Anteile der Stimmen</translation>
    </message>
    <message>
        <source>Shares by the model of raters</source>
        <translation type="unfinished">Anteile nach Beurteilermodell</translation>
    </message>
    <message>
        <source>MTCNN&apos;s five</source>
        <translation type="unfinished">Fünf von MTCNN</translation>
    </message>
    <message>
        <source>68 by the face mesh</source>
        <translation type="unfinished">68 aus dem Gesichtsnetz</translation>
    </message>
    <message>
        <source>dlib&apos;s 68 (research only)</source>
        <translation type="unfinished">68 von dlib (nur Forschung)</translation>
    </message>
    <message>
        <source>Best available</source>
        <translation type="unfinished">Beste verfügbare</translation>
    </message>
    <message>
        <source>NVIDIA GPU</source>
        <translation type="unfinished">NVIDIA-GPU</translation>
    </message>
    <message>
        <source>Apple GPU</source>
        <translation type="unfinished">Apple-GPU</translation>
    </message>
    <message>
        <source>Train on the labels of face only and of full context, from the face alone, its surroundings and both, and test each model on the labels of both</source>
        <translation type="unfinished">Auf den Labels von nur Gesicht und vollem Kontext trainieren, aus dem Gesicht allein, seiner Umgebung und beidem, und jedes Modell auf den Labels von beiden testen</translation>
    </message>
    <message>
        <source>New training</source>
        <translation type="unfinished">Neues Training</translation>
    </message>
    <message>
        <source>Votes</source>
        <translation type="unfinished">Stimmen</translation>
    </message>
    <message>
        <source>How the votes on an item become its label</source>
        <translation type="unfinished">Wie die Stimmen zu einem Item sein Label ergeben</translation>
    </message>
    <message>
        <source>The words of the answers</source>
        <translation type="unfinished">Die Wörter der Antworten</translation>
    </message>
    <message>
        <source>Vocabulary</source>
        <translation type="unfinished">Vokabular</translation>
    </message>
    <message>
        <source>Streams</source>
        <translation type="unfinished">Ströme</translation>
    </message>
    <message>
        <source>Landmark points</source>
        <translation type="unfinished">Landmarken</translation>
    </message>
    <message>
        <source>Device</source>
        <translation type="unfinished">Gerät</translation>
    </message>
    <message>
        <source>Seeds</source>
        <translation type="unfinished">Startwerte</translation>
    </message>
    <message>
        <source>Number of trainings, with the seed below and those after it; the median is shown</source>
        <translation type="unfinished">Anzahl der Trainings, mit dem Startwert unten und den folgenden; gezeigt wird der Median</translation>
    </message>
    <message>
        <source>A control: a model must not learn from shuffled labels</source>
        <translation type="unfinished">Eine Kontrolle: aus gemischten Labels darf ein Modell nichts lernen</translation>
    </message>
    <message>
        <source>More settings</source>
        <translation type="unfinished">Mehr Einstellungen</translation>
    </message>
    <message>
        <source>Start training</source>
        <translation type="unfinished">Training starten</translation>
    </message>
    <message>
        <source>Train in the background while you continue to work</source>
        <translation type="unfinished">Im Hintergrund trainieren, während Sie weiterarbeiten</translation>
    </message>
    <message>
        <source>What context adds</source>
        <translation type="unfinished">Was Kontext beiträgt</translation>
    </message>
    <message>
        <source>Learn from</source>
        <translation type="unfinished">Lernen aus</translation>
    </message>
    <message>
        <source>Landmark finder</source>
        <translation type="unfinished">Landmarkensuche</translation>
    </message>
    <message>
        <source>Categories of all raters</source>
        <translation type="unfinished">Kategorien aller Beurteiler</translation>
    </message>
    <message>
        <source>Strongest intensities</source>
        <translation type="unfinished">Stärkste Intensitäten</translation>
    </message>
    <message>
        <source>Stored labels of a data set</source>
        <translation type="unfinished">Gespeicherte Labels eines Datensatzes</translation>
    </message>
    <message>
        <source>{rater} alone</source>
        <translation type="unfinished">{rater} allein</translation>
    </message>
    <message>
        <source>Mean of all raters</source>
        <translation type="unfinished">Mittel aller Beurteiler</translation>
    </message>
    <message>
        <source>Raters weighted by agreement</source>
        <translation type="unfinished">Beurteiler nach Übereinstimmung gewichtet</translation>
    </message>
    <message>
        <source>Chosen gold standards</source>
        <translation type="unfinished">Gewählte Goldstandards</translation>
    </message>
    <message>
        <source>Fewer settings</source>
        <translation type="unfinished">Weniger Einstellungen</translation>
    </message>
    <message>
        <source>{items} with a category, of {subjects}.</source>
        <translation type="unfinished">{items} mit einer Kategorie, von {subjects}.</translation>
    </message>
    <message>
        <source>{labelled_clips} of {subjects}.</source>
        <translation type="unfinished">{labelled_clips} von {subjects}.</translation>
    </message>
    <message>
        <source>labelled clip</source>
        <translation type="unfinished">gelabelter Clip</translation>
    </message>
    <message>
        <source>labelled clips</source>
        <translation type="unfinished">gelabelte Clips</translation>
    </message>
    <message>
        <source> With fewer than about twelve subjects, the comparison will be uncertain.</source>
        <translation type="unfinished"> Mit weniger als etwa zwölf Personen bleibt der Vergleich unsicher.</translation>
    </message>
    <message>
        <source>{teach}. It needs answers under both conditions</source>
        <translation type="unfinished">{teach}. Dafür braucht es Antworten unter beiden Bedingungen</translation>
    </message>
    <message>
        <source>Training needs torch. {how_to_add}.</source>
        <translation type="unfinished">Das Training braucht torch. {how_to_add}.</translation>
    </message>
    <message>
        <source>Open a project to train on its labels.</source>
        <translation type="unfinished">Öffnen Sie ein Projekt, um auf seinen Labels zu trainieren.</translation>
    </message>
    <message>
        <source>Nobody has chosen a category here yet. Ask for categories in a study, or add a data set.</source>
        <translation type="unfinished">Hier hat noch niemand eine Kategorie gewählt. Fragen Sie in einer Studie nach Kategorien, oder fügen Sie einen Datensatz hinzu.</translation>
    </message>
    <message>
        <source>Nobody has traced valence and arousal here yet. Record traces in the Review screen first.</source>
        <translation type="unfinished">Hier hat noch niemand Valenz und Arousal aufgezeichnet. Zeichnen Sie zuerst Verläufe in der Durchsicht auf.</translation>
    </message>
    <message>
        <source>one subject</source>
        <translation type="unfinished">einer Person</translation>
    </message>
    <message>
        <source>{subjects} subjects</source>
        <translation type="unfinished">{subjects} Personen</translation>
    </message>
    <message>
        <source>There are labelled clips of {who}. At least three subjects are needed: for training, for early stopping, and for the test.</source>
        <translation type="unfinished">Es gibt gelabelte Clips von {who}. Mindestens drei Personen sind nötig: für das Training, für das frühe Beenden und für den Test.</translation>
    </message>
    <message>
        <source>Choose at least one stream. Otherwise there is nothing to read.</source>
        <translation type="unfinished">Wählen Sie mindestens einen Strom. Sonst gibt es nichts zu lesen.</translation>
    </message>
    <message>
        <source>This recipe reads a frame model&apos;s classes. Choose Face or Face alone.</source>
        <translation type="unfinished">Dieses Rezept liest die Klassen eines Bildmodells. Wählen Sie „Gesicht“ oder „Gesicht allein“.</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation type="unfinished">Befund</translation>
    </message>
    <message>
        <source>Learned from</source>
        <translation type="unfinished">Gelernt aus</translation>
    </message>
    <message>
        <source>CCC on the people held out for the comparison</source>
        <translation type="unfinished">CCC bei den für den Vergleich zurückgehaltenen Personen</translation>
    </message>
    <message>
        <source>Against the model that was in use</source>
        <translation type="unfinished">Gegen das Modell, das im Einsatz war</translation>
    </message>
    <message>
        <source>CCC of valence and arousal over the folds, with each person predicted by a training that left that person out</source>
        <translation type="unfinished">CCC von Valenz und Arousal über die Folds; jede Person wird von einem Training vorhergesagt, das sie ausließ</translation>
    </message>
    <message>
        <source>Trainings</source>
        <translation type="unfinished">Trainings</translation>
    </message>
    <message>
        <source>  ·  in use</source>
        <translation type="unfinished">  ·  im Einsatz</translation>
    </message>
    <message>
        <source>accuracy {accuracy}</source>
        <translation type="unfinished">Genauigkeit {accuracy}</translation>
    </message>
    <message>
        <source>context {gain}</source>
        <translation type="unfinished">Kontext {gain}</translation>
    </message>
    <message>
        <source>data {snapshot_sha256}</source>
        <translation type="unfinished">Daten {snapshot_sha256}</translation>
    </message>
    <message>
        <source>Would more people help?</source>
        <translation type="unfinished">Würden mehr Personen helfen?</translation>
    </message>
    <message>
        <source>CCC by people</source>
        <translation type="unfinished">CCC je Personenzahl</translation>
    </message>
    <message>
        <source>Train again on a third and on two thirds of the people, in the background</source>
        <translation type="unfinished">Im Hintergrund erneut auf einem Drittel und zwei Dritteln der Personen trainieren</translation>
    </message>
    <message>
        <source>Training on fewer people …</source>
        <translation type="unfinished">Training auf weniger Personen …</translation>
    </message>
    <message>
        <source>End after this epoch; the best epoch so far becomes the model, and remaining folds are left out</source>
        <translation type="unfinished">Nach dieser Epoche beenden; die bisher beste Epoche wird zum Modell, und übrige Folds werden ausgelassen</translation>
    </message>
    <message>
        <source>Training</source>
        <translation type="unfinished">Training</translation>
    </message>
    <message>
        <source>Nothing is being trained.</source>
        <translation type="unfinished">Es läuft kein Training.</translation>
    </message>
    <message>
        <source>End the training and discard its results</source>
        <translation type="unfinished">Training beenden und Ergebnisse verwerfen</translation>
    </message>
    <message>
        <source>at most {left}</source>
        <translation type="unfinished">höchstens {left}</translation>
    </message>
    <message>
        <source>Train a model to see its comparison with the one in use here.</source>
        <translation type="unfinished">Trainieren Sie ein Modell, um hier seinen Vergleich mit dem eingesetzten zu sehen.</translation>
    </message>
    <message>
        <source>About a third of the labelled people are held out. Both models predict them, and the difference is given with an interval over people. If the new model is clearly better, one press puts it into use. Otherwise the answer says that it is not.</source>
        <translation type="unfinished">Etwa ein Drittel der gelabelten Personen wird zurückgehalten. Beide Modelle sagen sie vorher, und die Differenz steht mit einem Intervall über Personen da. Ist das neue Modell klar besser, setzt ein Druck es ein. Sonst sagt die Antwort, dass es das nicht ist.</translation>
    </message>
    <message>
        <source>; one rater against the others {each}</source>
        <translation type="unfinished">; ein Beurteiler gegen die anderen {each}</translation>
    </message>
    <message>
        <source>Old against new</source>
        <translation type="unfinished">Alt gegen Neu</translation>
    </message>
    <message>
        <source>Use the new model</source>
        <translation type="unfinished">Neues einsetzen</translation>
    </message>
    <message>
        <source>Analyse them again</source>
        <translation type="unfinished">Neu analysieren</translation>
    </message>
    <message>
        <source>Analyse them in the background; the old curves are kept</source>
        <translation type="unfinished">Im Hintergrund analysieren; die alten Kurven bleiben erhalten</translation>
    </message>
    <message>
        <source>dashed: labels   thin: old model   thick: new model</source>
        <translation type="unfinished">gestrichelt: Labels   dünn: altes Modell   dick: neues Modell</translation>
    </message>
    <message>
        <source>Confusion of categories, people&apos;s own agreement, and every clip</source>
        <translation type="unfinished">Verwechslung der Kategorien, Übereinstimmung der Menschen selbst, und jeder Clip</translation>
    </message>
    <message>
        <source>In use: {title_of}</source>
        <translation type="unfinished">Im Einsatz: {title_of}</translation>
    </message>
    <message>
        <source>{sentence} Live values already come from the model in use.</source>
        <translation type="unfinished">{sentence} Live-Werte stammen schon vom eingesetzten Modell.</translation>
    </message>
    <message>
        <source>{name} made no model.</source>
        <translation type="unfinished">{name} ergab kein Modell.</translation>
    </message>
    <message>
        <source>{name} predicts the category of whole clips.</source>
        <translation type="unfinished">{name} sagt die Kategorie ganzer Clips vorher.</translation>
    </message>
    <message>
        <source>{name} has too few items to say what context adds.</source>
        <translation type="unfinished">{name} hat zu wenige Items, um zu sagen, was Kontext beiträgt.</translation>
    </message>
    <message>
        <source>{model} was not compared.</source>
        <translation type="unfinished">{model} wurde nicht verglichen.</translation>
    </message>
    <message>
        <source>{name} CCC {was} → {now}</source>
        <translation type="unfinished">{name} CCC {was} → {now}</translation>
    </message>
    <message>
        <source>this clip: </source>
        <translation type="unfinished">dieser Clip: </translation>
    </message>
    <message>
        <source>CCC old</source>
        <translation type="unfinished">CCC alt</translation>
    </message>
    <message>
        <source>Lin&apos;s concordance of the model in use with the labels, held-out subjects pooled</source>
        <translation type="unfinished">Konkordanz nach Lin des eingesetzten Modells mit den Labels, zurückgehaltene Personen zusammengefasst</translation>
    </message>
    <message>
        <source>CCC new</source>
        <translation type="unfinished">CCC neu</translation>
    </message>
    <message>
        <source>The same for the new model</source>
        <translation type="unfinished">Dasselbe für das neue Modell</translation>
    </message>
    <message>
        <source>difference [95 % interval]</source>
        <translation type="unfinished">Differenz [95-%-Intervall]</translation>
    </message>
    <message>
        <source>New minus old, with a bootstrap interval over subjects</source>
        <translation type="unfinished">Neu minus alt, mit einem Bootstrap-Intervall über Personen</translation>
    </message>
    <message>
        <source>verdict</source>
        <translation type="unfinished">Befund</translation>
    </message>
    <message>
        <source>Better or worse only if the interval excludes 0</source>
        <translation type="unfinished">Besser oder schlechter nur, wenn das Intervall die 0 ausschließt</translation>
    </message>
    <message>
        <source>same sign</source>
        <translation type="unfinished">Vorzeichen</translation>
    </message>
    <message>
        <source>Old → new: mean squared error, Pearson correlation, share of frames with the right sign.
Against the other raters: concordance with the mean of the other raters on the same frames, of each rater (the human ceiling) and of the models in the rater&apos;s place. At the raters&apos; value a model is as good as one more rater.</source>
        <translation type="unfinished">Alt → neu: mittlerer quadratischer Fehler, Pearson-Korrelation, Anteil der Bilder mit richtigem Vorzeichen.
Gegen die anderen Beurteiler: Konkordanz mit dem Mittel der anderen Beurteiler auf denselben Bildern, von jedem Beurteiler (die menschliche Obergrenze) und von den Modellen an seiner Stelle. Beim Wert der Beurteiler ist ein Modell so gut wie ein weiterer Beurteiler.</translation>
    </message>
    <message>
        <source>worse</source>
        <translation type="unfinished">schlechter</translation>
    </message>
    <message>
        <source>{found} held-out subjects</source>
        <translation type="unfinished">{found} zurückgehaltene Personen</translation>
    </message>
    <message>
        <source>raters {ceiling}</source>
        <translation type="unfinished">Beurteiler {ceiling}</translation>
    </message>
    <message>
        <source>against the other raters: a rater {ceiling}, model {was} → {now}</source>
        <translation type="unfinished">gegen die anderen Beurteiler: ein Beurteiler {ceiling}, Modell {was} → {now}</translation>
    </message>
    <message>
        <source>{name} CCC {each}{interval}</source>
        <translation type="unfinished">{name} CCC {each}{interval}</translation>
    </message>
    <message>
        <source>Cross-validated on the other {people} people in {folds} folds: {scores}.</source>
        <translation type="unfinished">Kreuzvalidiert auf den anderen {people} Personen in {folds} Folds: {scores}.</translation>
    </message>
    <message>
        <source>Train</source>
        <translation type="unfinished">Training</translation>
    </message>
    <message>
        <source>Train a model on this project&apos;s labels and compare it</source>
        <translation type="unfinished">Ein Modell auf den Labels dieses Projekts trainieren und vergleichen</translation>
    </message>
    <message>
        <source>retrain learn recipe compare promote roll back</source>
        <translation type="unfinished">neu trainieren lernen rezept vergleichen einsetzen zurücknehmen</translation>
    </message>
    <message>
        <source>Face alone</source>
        <translation type="unfinished">Gesicht allein</translation>
    </message>
    <message>
        <source>Whole frame</source>
        <translation type="unfinished">Ganzes Bild</translation>
    </message>
    <message>
        <source>Surroundings</source>
        <translation type="unfinished">Umgebung</translation>
    </message>
    <message>
        <source>Motion</source>
        <translation type="unfinished">Bewegung</translation>
    </message>
    <message>
        <source>Dynamic</source>
        <translation type="unfinished">Dynamik</translation>
    </message>
    <message>
        <source>Face, pixels</source>
        <translation type="unfinished">Gesicht, Pixel</translation>
    </message>
    <message>
        <source>Face alone, pixels</source>
        <translation type="unfinished">Gesicht allein, Pixel</translation>
    </message>
    <message>
        <source>Whole frame, pixels</source>
        <translation type="unfinished">Ganzes Bild, Pixel</translation>
    </message>
    <message>
        <source>Surroundings, pixels</source>
        <translation type="unfinished">Umgebung, Pixel</translation>
    </message>
    <message>
        <source>Motion, pixels</source>
        <translation type="unfinished">Bewegung, Pixel</translation>
    </message>
    <message>
        <source>Motion alone, pixels</source>
        <translation type="unfinished">Bewegung allein, Pixel</translation>
    </message>
    <message>
        <source>People: one rater against the others</source>
        <translation type="unfinished">Menschen: ein Beurteiler gegen die anderen</translation>
    </message>
    <message>
        <source>Both</source>
        <translation type="unfinished">Beides</translation>
    </message>
    <message>
        <source>Accuracy, with 95 % intervals over subjects that the model has not seen. The columns are the labels that a model is tested on.</source>
        <translation type="unfinished">Genauigkeit, mit 95-%-Intervallen über Personen, die das Modell nicht gesehen hat. Die Spalten sind die Labels, auf denen ein Modell getestet wird.</translation>
    </message>
    <message>
        <source>tested on {condition}</source>
        <translation type="unfinished">getestet auf {condition}</translation>
    </message>
    <message>
        <source>{stream}, trained on {condition}</source>
        <translation type="unfinished">{stream}, trainiert auf {condition}</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation type="unfinished">Läufe</translation>
    </message>
    <message>
        <source>Every training is kept here.</source>
        <translation type="unfinished">Jedes Training wird hier aufbewahrt.</translation>
    </message>
    <message>
        <source>The context experiment is done.</source>
        <translation type="unfinished">Das Kontextexperiment ist fertig.</translation>
    </message>
    <message>
        <source>{model} is trained.</source>
        <translation type="unfinished">{model} ist trainiert.</translation>
    </message>
    <message>
        <source>{} predicts categories from now on, also live.</source>
        <translation type="unfinished">{} sagt ab jetzt Kategorien vorher, auch live.</translation>
    </message>
    <message>
        <source>{} predicts from now on, also live.</source>
        <translation type="unfinished">{} sagt ab jetzt vorher, auch live.</translation>
    </message>
    <message>
        <source>{} predicts categories from now on.</source>
        <translation type="unfinished">{} sagt ab jetzt Kategorien vorher.</translation>
    </message>
    <message>
        <source>{} predicts again, also live.</source>
        <translation type="unfinished">{} sagt wieder vorher, auch live.</translation>
    </message>
    <message>
        <source>({said} more like this.)</source>
        <translation type="unfinished">({said} weitere dieser Art.)</translation>
    </message>
    <message>
        <source>Every analysed clip shows the curves of the model in use.</source>
        <translation type="unfinished">Jeder analysierte Clip zeigt die Kurven des eingesetzten Modells.</translation>
    </message>
    <message>
        <source>Analysing clips again</source>
        <translation type="unfinished">Clips werden neu analysiert</translation>
    </message>
    <message>
        <source>Training on fewer people</source>
        <translation type="unfinished">Training auf weniger Personen</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation type="unfinished">Etwas ist schiefgegangen</translation>
    </message>
    <message>
        <source>Affectograph {version}
{trace}</source>
        <translation type="unfinished">Affectograph {version}
{trace}</translation>
    </message>
    <message>
        <source>Open the log folder</source>
        <translation type="unfinished">Protokollordner öffnen</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation type="unfinished">Weiter</translation>
    </message>
    <message>
        <source>This is a fault of the program. What you saved is safe, and you can continue. Please send us the text below, and say what you were doing.</source>
        <translation type="unfinished">Das ist ein Fehler des Programms. Was Sie gespeichert haben, ist sicher, und Sie können weiterarbeiten. Bitte senden Sie uns den Text unten und sagen Sie, was Sie gerade taten.</translation>
    </message>
    <message>
        <source>Also in the log: {log_file}</source>
        <translation type="unfinished">Auch im Protokoll: {log_file}</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation type="unfinished">Tastenkürzel</translation>
    </message>
    <message>
        <source>Find an action or a key</source>
        <translation type="unfinished">Aktion oder Taste suchen</translation>
    </message>
    <message>
        <source>Every action, even without a key, is in the command palette (Ctrl+K).</source>
        <translation type="unfinished">Jede Aktion, auch ohne Taste, steht in der Befehlspalette (Ctrl+K).</translation>
    </message>
    <message>
        <source>What the settings do</source>
        <translation type="unfinished">Was die Einstellungen tun</translation>
    </message>
    <message>
        <source>About Affectograph</source>
        <translation type="unfinished">Über Affectograph</translation>
    </message>
    <message>
        <source>Qt for Python</source>
        <translation type="unfinished">Qt for Python</translation>
    </message>
    <message>
        <source>SQLAlchemy</source>
        <translation type="unfinished">SQLAlchemy</translation>
    </message>
    <message>
        <source>Python {split} on {system} {machine}</source>
        <translation type="unfinished">Python {split} auf {system} {machine}</translation>
    </message>
    <message>
        <source>Live affect prediction, human annotation in two viewing conditions, agreement statistics and retraining, on one desk.</source>
        <translation type="unfinished">Live-Vorhersage von Affekt, menschliche Annotation in zwei Bedingungen, Statistik der Übereinstimmung und erneutes Training, an einem Platz.</translation>
    </message>
    <message>
        <source>Apache License 2.0. Qt is used under the LGPL 3; Inter under the SIL Open Font License; icons by Phosphor (MIT).</source>
        <translation type="unfinished">Apache-Lizenz 2.0. Qt wird unter der LGPL 3 verwendet; Inter unter der SIL Open Font License; Symbole von Phosphor (MIT).</translation>
    </message>
    <message>
        <source>Change keys</source>
        <translation type="unfinished">Tasten ändern</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation type="unfinished">Menü</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished">Tasten</translation>
    </message>
    <message>
        <source>Actions and their keys</source>
        <translation type="unfinished">Aktionen und ihre Tasten</translation>
    </message>
    <message>
        <source>New key</source>
        <translation type="unfinished">Neue Taste</translation>
    </message>
    <message>
        <source>Use this key</source>
        <translation type="unfinished">Taste verwenden</translation>
    </message>
    <message>
        <source>Use it as well</source>
        <translation type="unfinished">Zusätzlich verwenden</translation>
    </message>
    <message>
        <source>The action keeps its other keys.</source>
        <translation type="unfinished">Die Aktion behält ihre anderen Tasten.</translation>
    </message>
    <message>
        <source>No key</source>
        <translation type="unfinished">Keine Taste</translation>
    </message>
    <message>
        <source>Use the default</source>
        <translation type="unfinished">Standard verwenden</translation>
    </message>
    <message>
        <source>The keys that the program comes with.</source>
        <translation type="unfinished">Die Tasten, die das Programm mitbringt.</translation>
    </message>
    <message>
        <source>Use all defaults</source>
        <translation type="unfinished">Alle auf Standard</translation>
    </message>
    <message>
        <source>The keys of the judging screens are fixed, so that all raters of a study use the same.</source>
        <translation type="unfinished">Die Tasten der Ansichten zum Beurteilen sind fest, damit alle Beurteiler einer Studie dieselben verwenden.</translation>
    </message>
    <message>
        <source>{key_text} belongs to {names}. If you use it here, it is taken from there.</source>
        <translation type="unfinished">{key_text} gehört zu {names}. Wenn Sie es hier verwenden, wird es dort entfernt.</translation>
    </message>
    <message>
        <source>Page</source>
        <translation type="unfinished">Seite</translation>
    </message>
    <message>
        <source>Help</source>
        <translation type="unfinished">Hilfe</translation>
    </message>
    <message>
        <source>Command palette</source>
        <translation type="unfinished">Befehlspalette</translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation type="unfinished">Was möchten Sie tun?</translation>
    </message>
    <message>
        <source>No action has this name.</source>
        <translation type="unfinished">Keine Aktion heißt so.</translation>
    </message>
    <message>
        <source>These answers were given after their project was moved, deleted or replaced while it was open. They are kept in your own folder and are not in a project yet. Their content is not shown here.</source>
        <translation type="unfinished">Diese Antworten wurden gegeben, nachdem ihr Projekt verschoben, gelöscht oder ersetzt wurde, während es offen war. Sie liegen in Ihrem eigenen Ordner und sind noch in keinem Projekt. Ihr Inhalt wird hier nicht gezeigt.</translation>
    </message>
    <message>
        <source>Rescued answers</source>
        <translation type="unfinished">Gerettete Antworten</translation>
    </message>
    <message>
        <source>Project: {place}
Rescue file: {path}</source>
        <translation type="unfinished">Projekt: {place}
Rettungsdatei: {path}</translation>
    </message>
    <message>
        <source>Store in this project</source>
        <translation type="unfinished">In Projekt speichern</translation>
    </message>
    <message>
        <source>Keep for later</source>
        <translation type="unfinished">Für später behalten</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation type="unfinished">Ordner öffnen</translation>
    </message>
    <message>
        <source>Answers that could not be saved</source>
        <translation type="unfinished">Antworten, die nicht gespeichert werden konnten</translation>
    </message>
    <message>
        <source>To store them, open their project first: {where}</source>
        <translation type="unfinished">Um sie zu speichern, öffnen Sie zuerst ihr Projekt: {where}</translation>
    </message>
    <message>
        <source>They belong to the open project, {project_name}.</source>
        <translation type="unfinished">Sie gehören zum offenen Projekt {project_name}.</translation>
    </message>
    <message>
        <source>These belong to the open project, {project_name}: {fits}.</source>
        <translation type="unfinished">Diese gehören zum offenen Projekt {project_name}: {fits}.</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished">Einstellungen</translation>
    </message>
    <message>
        <source>Use the defaults</source>
        <translation type="unfinished">Standard verwenden</translation>
    </message>
    <message>
        <source>A team project lies in a database on a PostgreSQL server, where several people work at the same time. User and password are never stored; without them, those of your system (such as the file .pgpass) count.</source>
        <translation type="unfinished">Ein Teamprojekt liegt in einer Datenbank auf einem PostgreSQL-Server, wo mehrere Menschen gleichzeitig arbeiten. Benutzer und Passwort werden nie gespeichert; ohne sie gelten die Ihres Systems (etwa aus der Datei .pgpass).</translation>
    </message>
    <message>
        <source>Team project</source>
        <translation type="unfinished">Teamprojekt</translation>
    </message>
    <message>
        <source>Address</source>
        <translation type="unfinished">Adresse</translation>
    </message>
    <message>
        <source>User</source>
        <translation type="unfinished">Benutzer</translation>
    </message>
    <message>
        <source>Password</source>
        <translation type="unfinished">Passwort</translation>
    </message>
    <message>
        <source>There is nothing to export on this screen yet.</source>
        <translation type="unfinished">In dieser Ansicht gibt es noch nichts zu exportieren.</translation>
    </message>
    <message>
        <source>Export{of}…</source>
        <translation type="unfinished">Exportieren{of}…</translation>
    </message>
    <message>
        <source>Copy{of} as a picture</source>
        <translation type="unfinished">Als Bild kopieren{of}</translation>
    </message>
    <message>
        <source>Copy numbers{of}</source>
        <translation type="unfinished">Zahlen kopieren{of}</translation>
    </message>
    <message>
        <source>Copy{of}</source>
        <translation type="unfinished">Kopieren{of}</translation>
    </message>
    <message>
        <source>“{title}” cannot be given now{more}.</source>
        <translation type="unfinished">„{title}“ ist jetzt nicht möglich{more}.</translation>
    </message>
    <message>
        <source>{code} has clips to judge now.</source>
        <translation type="unfinished">{code} hat jetzt Clips zu beurteilen.</translation>
    </message>
    <message>
        <source>Before the camera is switched on</source>
        <translation type="unfinished">Bevor die Kamera eingeschaltet wird</translation>
    </message>
    <message>
        <source>My visit may be recorded and kept</source>
        <translation type="unfinished">Mein Besuch darf aufgezeichnet und aufbewahrt werden</translation>
    </message>
    <message>
        <source>I have read this and agree</source>
        <translation type="unfinished">Ich habe dies gelesen und stimme zu</translation>
    </message>
    <message>
        <source>No, thank you</source>
        <translation type="unfinished">Nein, danke</translation>
    </message>
    <message>
        <source>What does a model read in a face?</source>
        <translation type="unfinished">Was liest ein Modell in einem Gesicht?</translation>
    </message>
    <message>
        <source>This is how the model reads your face.</source>
        <translation type="unfinished">So liest das Modell Ihr Gesicht.</translation>
    </message>
    <message>
        <source>● This visit is recorded</source>
        <translation type="unfinished">● Dieser Besuch wird aufgezeichnet</translation>
    </message>
    <message>
        <source>Stop and forget</source>
        <translation type="unfinished">Beenden und vergessen</translation>
    </message>
    <message>
        <source>Try it with your own face</source>
        <translation type="unfinished">Probieren Sie es mit Ihrem eigenen Gesicht</translation>
    </message>
    <message>
        <source>AFFECTOGRAPH_EXIT_AFTER is {said}, which is not a number of seconds.</source>
        <translation type="unfinished">AFFECTOGRAPH_EXIT_AFTER ist {said}, was keine Anzahl von Sekunden ist.</translation>
    </message>
    <message>
        <source>Give a number, or unset it.</source>
        <translation type="unfinished">Geben Sie eine Zahl an, oder entfernen Sie die Variable.</translation>
    </message>
    <message>
        <source>Affectograph projects (*.affectograph)</source>
        <translation type="unfinished">Affectograph-Projekte (*.affectograph)</translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation type="unfinished">Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>New project</source>
        <translation type="unfinished">Neues Projekt</translation>
    </message>
    <message>
        <source>Open project</source>
        <translation type="unfinished">Projekt öffnen</translation>
    </message>
    <message>
        <source>Add clips</source>
        <translation type="unfinished">Clips hinzufügen</translation>
    </message>
    <message>
        <source>Making the project</source>
        <translation type="unfinished">Projekt wird angelegt</translation>
    </message>
    <message>
        <source>Opening the project</source>
        <translation type="unfinished">Projekt wird geöffnet</translation>
    </message>
    <message>
        <source>Preparing the demo</source>
        <translation type="unfinished">Demo wird vorbereitet</translation>
    </message>
    <message>
        <source>Only an owner or reviewer of this project can add clips.</source>
        <translation type="unfinished">Nur Eigentümer oder Prüfer dieses Projekts können Clips hinzufügen.</translation>
    </message>
    <message>
        <source>Sign in first, for instance in Review.</source>
        <translation type="unfinished">Melden Sie sich zuerst an, zum Beispiel in der Durchsicht.</translation>
    </message>
    <message>
        <source>more file was</source>
        <translation type="unfinished">weitere Datei wurde</translation>
    </message>
    <message>
        <source>more files were</source>
        <translation type="unfinished">weitere Dateien wurden</translation>
    </message>
    <message>
        <source> ({others} refused, too.)</source>
        <translation type="unfinished"> ({others} ebenfalls abgelehnt.)</translation>
    </message>
    <message>
        <source>Adding clips</source>
        <translation type="unfinished">Clips werden hinzugefügt</translation>
    </message>
    <message>
        <source>There is nothing to add in what was dropped.</source>
        <translation type="unfinished">Nichts davon lässt sich hinzufügen.</translation>
    </message>
    <message>
        <source>Drop videos, images or a project file.</source>
        <translation type="unfinished">Ziehen Sie Videos, Bilder oder eine Projektdatei hierher.</translation>
    </message>
    <message>
        <source>Where should the new project be kept?</source>
        <translation type="unfinished">Wo soll das neue Projekt liegen?</translation>
    </message>
    <message>
        <source>Somebody is judging clips here.</source>
        <translation type="unfinished">Hier beurteilt gerade jemand Clips.</translation>
    </message>
    <message>
        <source>Pause and leave first (Esc).</source>
        <translation type="unfinished">Halten Sie zuerst an und verlassen Sie die Ansicht (Esc).</translation>
    </message>
    <message>
        <source>No projects yet</source>
        <translation type="unfinished">Noch keine Projekte</translation>
    </message>
    <message>
        <source>Forget these</source>
        <translation type="unfinished">Diese vergessen</translation>
    </message>
    <message>
        <source>Older versions left {answers_and_traces} in this project that should be looked at. Nothing was deleted.</source>
        <translation type="unfinished">Frühere Versionen haben {answers_and_traces} in diesem Projekt hinterlassen, die Sie ansehen sollten. Nichts wurde gelöscht.</translation>
    </message>
    <message>
        <source>{name} is in the project already: its file was not added again.</source>
        <translation type="unfinished">{name} ist schon im Projekt: Die Datei wurde nicht noch einmal hinzugefügt.</translation>
    </message>
    <message>
        <source>{files} were not added again: their clips are in the project already.</source>
        <translation type="unfinished">Nicht noch einmal hinzugefügt: {files}, deren Clips schon im Projekt sind.</translation>
    </message>
    <message>
        <source>No answers are waiting to be stored.</source>
        <translation type="unfinished">Keine Antworten warten auf das Speichern.</translation>
    </message>
    <message>
        <source>1 rescued answer is now in the project.</source>
        <translation type="unfinished">1 gerettete Antwort ist jetzt im Projekt.</translation>
    </message>
    <message>
        <source>{count} rescued answers are now in the project.</source>
        <translation type="unfinished">{count} gerettete Antworten sind jetzt im Projekt.</translation>
    </message>
    <message>
        <source>{what} Not stored: {reasons}.</source>
        <translation type="unfinished">{what} Nicht gespeichert: {reasons}.</translation>
    </message>
    <message>
        <source>They stay in the rescue file.</source>
        <translation type="unfinished">Sie bleiben in der Rettungsdatei.</translation>
    </message>
    <message>
        <source>Close without saving</source>
        <translation type="unfinished">Ohne Speichern schließen</translation>
    </message>
    <message>
        <source>Opening {title} …</source>
        <translation type="unfinished">{title} wird geöffnet …</translation>
    </message>
    <message>
        <source>Continue without saving</source>
        <translation type="unfinished">Ohne Speichern fortfahren</translation>
    </message>
    <message>
        <source>Not saved yet</source>
        <translation type="unfinished">Noch nicht gespeichert</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation type="unfinished">Bleiben</translation>
    </message>
    <message>
        <source>{name} — Affectograph</source>
        <translation type="unfinished">{name} — Affectograph</translation>
    </message>
    <message>
        <source>{code} ({role}) is signed in</source>
        <translation type="unfinished">{code} ({role}) ist angemeldet</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation type="unfinished">Darstellung</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation type="unfinished">Farbschema</translation>
    </message>
    <message>
        <source>Light, dark, or whatever the desktop uses.</source>
        <translation type="unfinished">Hell, dunkel oder wie auf dem Schreibtisch eingestellt.</translation>
    </message>
    <message>
        <source>Like the desktop</source>
        <translation type="unfinished">Wie der Schreibtisch</translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished">Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished">Dunkel</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation type="unfinished">Textgröße</translation>
    </message>
    <message>
        <source>Makes all text larger or smaller.</source>
        <translation type="unfinished">Macht allen Text größer oder kleiner.</translation>
    </message>
    <message>
        <source> %</source>
        <translation type="unfinished"> %</translation>
    </message>
    <message>
        <source>The language of the window, and of tables and figures that it exports, from the next start on. The German texts were not reviewed yet. Studies, reports and messages of commands keep theirs.</source>
        <translation type="unfinished">Die Sprache des Fensters und der Tabellen und Abbildungen, die es exportiert, vom nächsten Start an. Die deutschen Texte sind noch nicht durchgesehen. Studien, Berichte und Meldungen von Befehlen behalten ihre.</translation>
    </message>
    <message>
        <source>English</source>
        <translation type="unfinished">English</translation>
    </message>
    <message>
        <source>Deutsch</source>
        <translation type="unfinished">Deutsch</translation>
    </message>
    <message>
        <source>Reopen the last project</source>
        <translation type="unfinished">Letztes Projekt wieder öffnen</translation>
    </message>
    <message>
        <source>Opens the project you worked on last when the program starts.</source>
        <translation type="unfinished">Öffnet beim Programmstart das Projekt, an dem Sie zuletzt gearbeitet haben.</translation>
    </message>
    <message>
        <source>Player</source>
        <translation type="unfinished">Player</translation>
    </message>
    <message>
        <source>Face box</source>
        <translation type="unfinished">Gesichtsrahmen</translation>
    </message>
    <message>
        <source>Draws a box around each tracked face, with its number.</source>
        <translation type="unfinished">Zeichnet einen Rahmen um jedes verfolgte Gesicht, mit seiner Nummer.</translation>
    </message>
    <message>
        <source>Landmarks</source>
        <translation type="unfinished">Landmarken</translation>
    </message>
    <message>
        <source>Draws eyes, nose and mouth corners as found.</source>
        <translation type="unfinished">Zeichnet Augen, Nase und Mundwinkel, wie sie gefunden wurden.</translation>
    </message>
    <message>
        <source>Expression bars</source>
        <translation type="unfinished">Ausdrucksbalken</translation>
    </message>
    <message>
        <source>Shows the chosen face&apos;s expressions beside it.</source>
        <translation type="unfinished">Zeigt die Ausdrücke des gewählten Gesichts daneben.</translation>
    </message>
    <message>
        <source>Face mesh</source>
        <translation type="unfinished">Gesichtsnetz</translation>
    </message>
    <message>
        <source>Draws the mesh of measured faces instead of the five landmarks (Shift+O).</source>
        <translation type="unfinished">Zeichnet das Netz gemessener Gesichter statt der fünf Landmarken (Shift+O).</translation>
    </message>
    <message>
        <source>Contours</source>
        <translation type="unfinished">Konturen</translation>
    </message>
    <message>
        <source>Draws the contours of the mesh.</source>
        <translation type="unfinished">Zeichnet die Konturen des Netzes.</translation>
    </message>
    <message>
        <source>Head axes</source>
        <translation type="unfinished">Kopfachsen</translation>
    </message>
    <message>
        <source>Draws where the head of a measured face points.</source>
        <translation type="unfinished">Zeichnet, wohin der Kopf eines gemessenen Gesichts zeigt.</translation>
    </message>
    <message>
        <source>Mesh points</source>
        <translation type="unfinished">Netzpunkte</translation>
    </message>
    <message>
        <source>Draws all points of the mesh.</source>
        <translation type="unfinished">Zeichnet alle Punkte des Netzes.</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation type="unfinished">Lautstärke</translation>
    </message>
    <message>
        <source>Loudness of a clip&apos;s sound.</source>
        <translation type="unfinished">Lautstärke des Tons eines Clips.</translation>
    </message>
    <message>
        <source>Sound offset</source>
        <translation type="unfinished">Tonversatz</translation>
    </message>
    <message>
        <source>Shift the picture against the sound where your loudspeakers are late (Bluetooth: about 200).</source>
        <translation type="unfinished">Verschiebt das Bild gegen den Ton, wenn Ihre Lautsprecher verspätet sind (Bluetooth: etwa 200).</translation>
    </message>
    <message>
        <source> ms</source>
        <translation type="unfinished"> ms</translation>
    </message>
    <message>
        <source>Jump</source>
        <translation type="unfinished">Sprung</translation>
    </message>
    <message>
        <source>How far Shift with an arrow key jumps.</source>
        <translation type="unfinished">Wie weit Shift mit einer Pfeiltaste springt.</translation>
    </message>
    <message>
        <source> s</source>
        <translation type="unfinished"> s</translation>
    </message>
    <message>
        <source>Memory for pictures</source>
        <translation type="unfinished">Speicher für Bilder</translation>
    </message>
    <message>
        <source>How much memory the frames around the playhead may take, for steps back and short jumps; 800 MB hold 250 frames at 1920 × 1080. A change takes effect with the next clip.</source>
        <translation type="unfinished">Wie viel Speicher die Bilder um die Abspielposition belegen dürfen, für Schritte zurück und kurze Sprünge; 800 MB fassen 250 Bilder bei 1920 × 1080. Eine Änderung wirkt ab dem nächsten Clip.</translation>
    </message>
    <message>
        <source> MB</source>
        <translation type="unfinished"> MB</translation>
    </message>
    <message>
        <source>Analysis</source>
        <translation type="unfinished">Analyse</translation>
    </message>
    <message>
        <source>Compute device</source>
        <translation type="unfinished">Rechengerät</translation>
    </message>
    <message>
        <source>Where models run. `auto` takes the fastest that works; any other choice fails with a message rather than running elsewhere unnoticed.</source>
        <translation type="unfinished">Wo Modelle laufen. `auto` nimmt das schnellste, das funktioniert; jede andere Wahl scheitert mit einer Meldung, statt unbemerkt anderswo zu laufen.</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation type="unfinished">CPU</translation>
    </message>
    <message>
        <source>NVIDIA CUDA</source>
        <translation type="unfinished">NVIDIA CUDA</translation>
    </message>
    <message>
        <source>NVIDIA TensorRT</source>
        <translation type="unfinished">NVIDIA TensorRT</translation>
    </message>
    <message>
        <source>Apple Core ML</source>
        <translation type="unfinished">Apple Core ML</translation>
    </message>
    <message>
        <source>Name of the model card to use where the project has promoted none; empty for the default model.</source>
        <translation type="unfinished">Name der Modellkarte, die gilt, wenn das Projekt kein Modell eingesetzt hat; leer für das Standardmodell.</translation>
    </message>
    <message>
        <source>Live predictions</source>
        <translation type="unfinished">Live-Vorhersagen</translation>
    </message>
    <message>
        <source>Predicts while a clip plays. Playback never waits for it.</source>
        <translation type="unfinished">Sagt vorher, während ein Clip läuft. Die Wiedergabe wartet nie darauf.</translation>
    </message>
    <message>
        <source>Send by LSL</source>
        <translation type="unfinished">Über LSL senden</translation>
    </message>
    <message>
        <source>Sends the camera&apos;s live predictions as a stream of the Lab Streaming Layer, which every program in the same network can receive. It needs the extra lsl.</source>
        <translation type="unfinished">Sendet die Live-Vorhersagen der Kamera als Strom des Lab Streaming Layer, den jedes Programm im selben Netz empfangen kann. Es braucht das Extra lsl.</translation>
    </message>
    <message>
        <source>Record by LSL</source>
        <translation type="unfinished">Über LSL aufnehmen</translation>
    </message>
    <message>
        <source>Names or types of streams of the Lab Streaming Layer, with commas between, such as EDA, Markers; * for all. They are recorded with the camera: channels are drawn under the timeline, markers become notes. It takes effect when the camera is started, and needs the extra lsl.</source>
        <translation type="unfinished">Namen oder Arten von Strömen des Lab Streaming Layer, durch Kommas getrennt, etwa EDA, Markers; * für alle. Sie werden mit der Kamera aufgezeichnet: Kanäle werden unter der Zeitleiste gezeichnet, Marken werden zu Notizen. Es wirkt beim Start der Kamera und braucht das Extra lsl.</translation>
    </message>
    <message>
        <source>Smoothed curves</source>
        <translation type="unfinished">Geglättete Kurven</translation>
    </message>
    <message>
        <source>Shows predictions smoothed along each face track; off shows every frame as predicted.</source>
        <translation type="unfinished">Zeigt Vorhersagen geglättet entlang jeder Gesichtsspur; aus zeigt jedes Bild wie vorhergesagt.</translation>
    </message>
    <message>
        <source>Neutral face</source>
        <translation type="unfinished">Neutrales Gesicht</translation>
    </message>
    <message>
        <source>Movements of the face are shown relative to the median of each track, which is right if the face is neutral most of the time, or without a reference.</source>
        <translation type="unfinished">Bewegungen des Gesichts werden relativ zum Median jeder Spur gezeigt, was stimmt, wenn das Gesicht meist neutral ist, oder ohne Bezug.</translation>
    </message>
    <message>
        <source>Median of the track</source>
        <translation type="unfinished">Median der Spur</translation>
    </message>
    <message>
        <source>No reference</source>
        <translation type="unfinished">Kein Bezug</translation>
    </message>
    <message>
        <source>Field of view</source>
        <translation type="unfinished">Blickfeld</translation>
    </message>
    <message>
        <source>Horizontal field of view of the camera, for the head pose of faces beside the middle of the picture. After a change, measure the clips again.</source>
        <translation type="unfinished">Horizontales Blickfeld der Kamera, für die Kopfhaltung von Gesichtern abseits der Bildmitte. Messen Sie nach einer Änderung die Clips neu.</translation>
    </message>
    <message>
        <source>°</source>
        <translation type="unfinished">°</translation>
    </message>
    <message>
        <source>Timeline and plane</source>
        <translation type="unfinished">Zeitleiste und Ebene</translation>
    </message>
    <message>
        <source>Trail</source>
        <translation type="unfinished">Schweif</translation>
    </message>
    <message>
        <source>How many seconds of the trajectory the valence–arousal plane shows.</source>
        <translation type="unfinished">Wie viele Sekunden der Bahn die Valenz-Arousal-Ebene zeigt.</translation>
    </message>
    <message>
        <source>The measures of the face that the timeline shows, by their names in docs/measures.md, at most four.</source>
        <translation type="unfinished">Die Messwerte des Gesichts, die die Zeitleiste zeigt, mit ihren Namen in docs/measures.md, höchstens vier.</translation>
    </message>
    <message>
        <source>Follow the playhead</source>
        <translation type="unfinished">Abspielposition folgen</translation>
    </message>
    <message>
        <source>Scrolls a zoomed timeline along while the clip plays.</source>
        <translation type="unfinished">Rollt eine vergrößerte Zeitleiste mit, während der Clip läuft.</translation>
    </message>
    <message>
        <source>Draws the predicted curves of the other people in a clip, thin and pale behind those of the chosen face.</source>
        <translation type="unfinished">Zeichnet die vorhergesagten Kurven der anderen Personen eines Clips, dünn und blass hinter denen des gewählten Gesichts.</translation>
    </message>
    <message>
        <source>What the camera is asked for; it gives what it can. Smaller is faster.</source>
        <translation type="unfinished">Was von der Kamera verlangt wird; sie gibt, was sie kann. Kleiner ist schneller.</translation>
    </message>
    <message>
        <source>640 × 480</source>
        <translation type="unfinished">640 × 480</translation>
    </message>
    <message>
        <source>1280 × 720</source>
        <translation type="unfinished">1280 × 720</translation>
    </message>
    <message>
        <source>1920 × 1080</source>
        <translation type="unfinished">1920 × 1080</translation>
    </message>
    <message>
        <source>Shows you as a mirror does. What is analysed and recorded is not turned.</source>
        <translation type="unfinished">Zeigt Sie wie ein Spiegel. Was analysiert und aufgezeichnet wird, ist nicht gespiegelt.</translation>
    </message>
    <message>
        <source>The camera used last; empty for the first one found.</source>
        <translation type="unfinished">Die zuletzt verwendete Kamera; leer für die erste gefundene.</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation type="unfinished">Aufzeichnung</translation>
    </message>
    <message>
        <source>Rater code</source>
        <translation type="unfinished">Beurteilerkürzel</translation>
    </message>
    <message>
        <source>The code your traces are stored under. Never a name.</source>
        <translation type="unfinished">Das Kürzel, unter dem Ihre Verläufe gespeichert werden. Nie ein Name.</translation>
    </message>
    <message>
        <source>Countdown</source>
        <translation type="unfinished">Countdown</translation>
    </message>
    <message>
        <source>Seconds before a recording starts.</source>
        <translation type="unfinished">Sekunden, bevor eine Aufzeichnung beginnt.</translation>
    </message>
    <message>
        <source>Record blind</source>
        <translation type="unfinished">Blind aufzeichnen</translation>
    </message>
    <message>
        <source>Hides predictions and other raters&apos; curves while you record. Off, the trace is stored as unblinded.</source>
        <translation type="unfinished">Verbirgt Vorhersagen und Kurven anderer Beurteiler, während Sie aufzeichnen. Ist es aus, wird der Verlauf als nicht verblindet gespeichert.</translation>
    </message>
    <message>
        <source>Send traces by LSL</source>
        <translation type="unfinished">Verläufe über LSL senden</translation>
    </message>
    <message>
        <source>Sends a trace while it is given as a stream of the Lab Streaming Layer, with markers where an item starts and ends, which every program in the same network can receive. It needs the extra lsl.</source>
        <translation type="unfinished">Sendet einen Verlauf, während er aufgezeichnet wird, als Strom des Lab Streaming Layer, mit Marken an Anfang und Ende eines Items, den jedes Programm im selben Netz empfangen kann. Das braucht das Extra lsl.</translation>
    </message>
    <message>
        <source>Record by LSL beside traces</source>
        <translation type="unfinished">Über LSL neben Verläufen aufnehmen</translation>
    </message>
    <message>
        <source>Names or types of streams of the Lab Streaming Layer, with commas between, such as EDA, Markers; * for all. They are kept with each trace, on the clip&apos;s clock. It takes effect with the next trace after signing in, and needs the extra lsl.</source>
        <translation type="unfinished">Namen oder Arten von Strömen des Lab Streaming Layer, mit Kommas dazwischen, etwa EDA, Markers; * für alle. Sie werden mit jedem Verlauf auf der Uhr des Clips gespeichert. Das gilt vom nächsten Verlauf nach der Anmeldung an und braucht das Extra lsl.</translation>
    </message>
    <message>
        <source>Bootstrap resamples</source>
        <translation type="unfinished">Bootstrap-Ziehungen</translation>
    </message>
    <message>
        <source>How often labels are drawn again for the intervals of the agreement screen; 200 are shown first.</source>
        <translation type="unfinished">Wie oft Labels für die Intervalle der Ansicht „Übereinstimmung“ neu gezogen werden; 200 werden zuerst gezeigt.</translation>
    </message>
    <message>
        <source>Decides all chance in intervals and p values, so that the same labels give the same numbers.</source>
        <translation type="unfinished">Bestimmt allen Zufall in Intervallen und p-Werten, sodass dieselben Labels dieselben Zahlen ergeben.</translation>
    </message>
    <message>
        <source>Annotation</source>
        <translation type="unfinished">Annotation</translation>
    </message>
    <message>
        <source>Trace with</source>
        <translation type="unfinished">Aufzeichnen mit</translation>
    </message>
    <message>
        <source>What moves the marker on the trace screen. A gamepad can be chosen there while one is connected.</source>
        <translation type="unfinished">Was die Marke beim Aufzeichnen bewegt. Ein Gamepad kann dort gewählt werden, solange eines verbunden ist.</translation>
    </message>
    <message>
        <source>Gamepad stick</source>
        <translation type="unfinished">Stick des Gamepads</translation>
    </message>
    <message>
        <source>Whether the stick&apos;s deflection says how fast the marker moves, or where it is.</source>
        <translation type="unfinished">Ob die Auslenkung des Sticks sagt, wie schnell sich die Marke bewegt, oder wo sie ist.</translation>
    </message>
    <message>
        <source>How fast</source>
        <translation type="unfinished">Wie schnell</translation>
    </message>
    <message>
        <source>Where</source>
        <translation type="unfinished">Wo</translation>
    </message>
    <message>
        <source>Marker speed</source>
        <translation type="unfinished">Markentempo</translation>
    </message>
    <message>
        <source>How fast arrow keys and a fully pushed stick move the marker; the scale is 2 wide.</source>
        <translation type="unfinished">Wie schnell Pfeiltasten und ein voll ausgelenkter Stick die Marke bewegen; die Skala ist 2 breit.</translation>
    </message>
    <message>
        <source> a second</source>
        <translation type="unfinished"> je Sekunde</translation>
    </message>
    <message>
        <source>Make an empty project file.</source>
        <translation type="unfinished">Eine leere Projektdatei anlegen.</translation>
    </message>
    <message>
        <source>Open a .affectograph file.</source>
        <translation type="unfinished">Eine .affectograph-Datei öffnen.</translation>
    </message>
    <message>
        <source>Team project…</source>
        <translation type="unfinished">Teamprojekt…</translation>
    </message>
    <message>
        <source>Open a project in a database on a PostgreSQL server.</source>
        <translation type="unfinished">Ein Projekt in einer Datenbank auf einem PostgreSQL-Server öffnen.</translation>
    </message>
    <message>
        <source>A clip made by this program with known affect and three simulated raters.</source>
        <translation type="unfinished">Ein von diesem Programm erzeugter Clip mit bekanntem Affekt und drei simulierten Beurteilern.</translation>
    </message>
    <message>
        <source>Watch a webcam with live predictions, and record it.</source>
        <translation type="unfinished">Eine Webcam mit Live-Vorhersagen ansehen und aufzeichnen.</translation>
    </message>
    <message>
        <source>Add videos or images to the project.</source>
        <translation type="unfinished">Videos oder Bilder zum Projekt hinzufügen.</translation>
    </message>
    <message>
        <source>Clips and subjects…</source>
        <translation type="unfinished">Clips und Personen…</translation>
    </message>
    <message>
        <source>All clips as a table: find, sort, name the people seen, rename and remove clips.</source>
        <translation type="unfinished">Alle Clips als Tabelle: suchen, sortieren, gesehene Personen benennen, Clips umbenennen und entfernen.</translation>
    </message>
    <message>
        <source>People and consent…</source>
        <translation type="unfinished">Personen und Einwilligung…</translation>
    </message>
    <message>
        <source>What subjects and raters agreed to, until when; erasing a person; the audit log.</source>
        <translation type="unfinished">Womit Personen und Beurteiler einverstanden waren, und bis wann; das Löschen einer Person; das Auditprotokoll.</translation>
    </message>
    <message>
        <source>rights gdpr privacy erase delete person subject rater withdraw retention audit log</source>
        <translation type="unfinished">rechte dsgvo datenschutz löschen person versuchsperson beurteiler widerrufen aufbewahrung audit protokoll</translation>
    </message>
    <message>
        <source>Faces and subjects…</source>
        <translation type="unfinished">Gesichter und Personen…</translation>
    </message>
    <message>
        <source>Which tracked faces are of one person, across cuts and clips: proposed by the program, decided by you.</source>
        <translation type="unfinished">Welche verfolgten Gesichter einer Person gehören, über Schnitte und Clips hinweg: vom Programm vorgeschlagen, von Ihnen entschieden.</translation>
    </message>
    <message>
        <source>identity same person track merge cut clip subject who</source>
        <translation type="unfinished">identität gleiche person spur verbinden schnitt clip versuchsperson wer</translation>
    </message>
    <message>
        <source>Archive for others…</source>
        <translation type="unfinished">Archiv für andere…</translation>
    </message>
    <message>
        <source>A folder for a public archive (Psych-DS, BIDS) with data, dictionary, tables and hashes; checks one.</source>
        <translation type="unfinished">Ein Ordner für ein öffentliches Archiv (Psych-DS, BIDS) mit Daten, Wörterbuch, Tabellen und Hashes; prüft auch eines.</translation>
    </message>
    <message>
        <source>archive psych-ds bids osf zenodo publish share reproduce repository data</source>
        <translation type="unfinished">archiv psych-ds bids osf zenodo veröffentlichen teilen reproduzieren repositorium daten</translation>
    </message>
    <message>
        <source>Find missing clip…</source>
        <translation type="unfinished">Fehlenden Clip suchen…</translation>
    </message>
    <message>
        <source>Show where a moved file lies now; it is recognised by its content.</source>
        <translation type="unfinished">Zeigen, wo eine verschobene Datei jetzt liegt; sie wird an ihrem Inhalt erkannt.</translation>
    </message>
    <message>
        <source>Rescued answers…</source>
        <translation type="unfinished">Gerettete Antworten…</translation>
    </message>
    <message>
        <source>What could not be saved because its project was moved or deleted while it was open.</source>
        <translation type="unfinished">Was nicht gespeichert werden konnte, weil sein Projekt verschoben oder gelöscht wurde, während es offen war.</translation>
    </message>
    <message>
        <source>Tables as CSV or Excel, figures as SVG, PDF or PNG in the size of a journal&apos;s column.</source>
        <translation type="unfinished">Tabellen als CSV oder Excel, Abbildungen als SVG, PDF oder PNG in der Breite einer Zeitschriftenspalte.</translation>
    </message>
    <message>
        <source>save table figure csv excel xlsx spreadsheet svg pdf png picture data numbers</source>
        <translation type="unfinished">speichern tabelle abbildung csv excel xlsx tabellenkalkulation svg pdf png bild daten zahlen</translation>
    </message>
    <message>
        <source>Predictions and answers are hidden until an owner or reviewer signs in again.</source>
        <translation type="unfinished">Vorhersagen und Antworten sind verborgen, bis sich ein Eigentümer oder Prüfer wieder anmeldet.</translation>
    </message>
    <message>
        <source>Close project</source>
        <translation type="unfinished">Projekt schließen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished">Beenden</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished">Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation type="unfinished">Wiederholen</translation>
    </message>
    <message>
        <source>Copy table or figure</source>
        <translation type="unfinished">Tabelle oder Abbildung kopieren</translation>
    </message>
    <message>
        <source>The table or plot with the keyboard, or else the first one of the screen.</source>
        <translation type="unfinished">Die Tabelle oder Grafik mit dem Tastaturfokus, sonst die erste der Ansicht.</translation>
    </message>
    <message>
        <source>clipboard paste spreadsheet picture</source>
        <translation type="unfinished">zwischenablage einfügen tabellenkalkulation bild</translation>
    </message>
    <message>
        <source>Show the numbers</source>
        <translation type="unfinished">Zahlen zeigen</translation>
    </message>
    <message>
        <source>The plot or table with the keyboard, or else all of the screen, as plain tables.</source>
        <translation type="unfinished">Die Grafik oder Tabelle mit dem Tastaturfokus, sonst alle der Ansicht, als einfache Tabellen.</translation>
    </message>
    <message>
        <source>table plot data values accessible screen reader</source>
        <translation type="unfinished">tabelle grafik daten werte barrierefrei bildschirmleser screenreader</translation>
    </message>
    <message>
        <source>Command palette…</source>
        <translation type="unfinished">Befehlspalette…</translation>
    </message>
    <message>
        <source>Find any action by its name.</source>
        <translation type="unfinished">Jede Aktion nach ihrem Namen suchen.</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation type="unfinished">Einstellungen…</translation>
    </message>
    <message>
        <source>preferences options text size</source>
        <translation type="unfinished">voreinstellungen optionen textgröße</translation>
    </message>
    <message>
        <source>Change keys…</source>
        <translation type="unfinished">Tasten ändern…</translation>
    </message>
    <message>
        <source>Changes the keys of actions.</source>
        <translation type="unfinished">Ändert die Tasten von Aktionen.</translation>
    </message>
    <message>
        <source>rebind shortcuts hotkeys keyboard customise</source>
        <translation type="unfinished">neu belegen tastenkürzel tastatur anpassen</translation>
    </message>
    <message>
        <source>Play or pause</source>
        <translation type="unfinished">Abspielen oder anhalten</translation>
    </message>
    <message>
        <source>Play backwards</source>
        <translation type="unfinished">Rückwärts abspielen</translation>
    </message>
    <message>
        <source>Each further press doubles the speed, up to 4×. Backwards there is no sound.</source>
        <translation type="unfinished">Jeder weitere Druck verdoppelt das Tempo, bis 4×. Rückwärts gibt es keinen Ton.</translation>
    </message>
    <message>
        <source>Play forwards</source>
        <translation type="unfinished">Vorwärts abspielen</translation>
    </message>
    <message>
        <source>Each further press doubles the speed, up to 4×.</source>
        <translation type="unfinished">Jeder weitere Druck verdoppelt das Tempo, bis 4×.</translation>
    </message>
    <message>
        <source>One frame back</source>
        <translation type="unfinished">Ein Bild zurück</translation>
    </message>
    <message>
        <source>One frame forward</source>
        <translation type="unfinished">Ein Bild vor</translation>
    </message>
    <message>
        <source>Jump back</source>
        <translation type="unfinished">Zurückspringen</translation>
    </message>
    <message>
        <source>By the time set under Settings, one second at first.</source>
        <translation type="unfinished">Um die Zeit aus den Einstellungen, anfangs eine Sekunde.</translation>
    </message>
    <message>
        <source>Jump forward</source>
        <translation type="unfinished">Vorspringen</translation>
    </message>
    <message>
        <source>To the beginning</source>
        <translation type="unfinished">Zum Anfang</translation>
    </message>
    <message>
        <source>To the end</source>
        <translation type="unfinished">Zum Ende</translation>
    </message>
    <message>
        <source>Slower</source>
        <translation type="unfinished">Langsamer</translation>
    </message>
    <message>
        <source>Faster</source>
        <translation type="unfinished">Schneller</translation>
    </message>
    <message>
        <source>Normal speed</source>
        <translation type="unfinished">Normales Tempo</translation>
    </message>
    <message>
        <source>Loop</source>
        <translation type="unfinished">Schleife</translation>
    </message>
    <message>
        <source>Starts over at the end, or at B when A and B are set.</source>
        <translation type="unfinished">Beginnt am Ende von vorn, oder bei B, wenn A und B gesetzt sind.</translation>
    </message>
    <message>
        <source>Loop from here (A)</source>
        <translation type="unfinished">Schleife ab hier (A)</translation>
    </message>
    <message>
        <source>Loop to here (B)</source>
        <translation type="unfinished">Schleife bis hier (B)</translation>
    </message>
    <message>
        <source>Forget A and B</source>
        <translation type="unfinished">A und B vergessen</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation type="unfinished">Stumm</translation>
    </message>
    <message>
        <source>Next clip</source>
        <translation type="unfinished">Nächster Clip</translation>
    </message>
    <message>
        <source>Previous clip</source>
        <translation type="unfinished">Voriger Clip</translation>
    </message>
    <message>
        <source>Analyse this clip</source>
        <translation type="unfinished">Clip analysieren</translation>
    </message>
    <message>
        <source>Predicts every frame and keeps the result in the project.</source>
        <translation type="unfinished">Sagt jedes Bild vorher und behält das Ergebnis im Projekt.</translation>
    </message>
    <message>
        <source>Analyse all clips</source>
        <translation type="unfinished">Alle Clips analysieren</translation>
    </message>
    <message>
        <source>Measures head pose, eyes, blinks and movements of the face, and keeps them in the project.</source>
        <translation type="unfinished">Misst Kopfhaltung, Augen, Blinzeln und Bewegungen des Gesichts und behält sie im Projekt.</translation>
    </message>
    <message>
        <source>pose gaze blinks landmarks mesh</source>
        <translation type="unfinished">haltung blick blinzeln landmarken netz</translation>
    </message>
    <message>
        <source>Measure the faces of all clips</source>
        <translation type="unfinished">Gesichter aller Clips messen</translation>
    </message>
    <message>
        <source>Stop the analysis</source>
        <translation type="unfinished">Analyse anhalten</translation>
    </message>
    <message>
        <source>Predict while the clip plays.</source>
        <translation type="unfinished">Vorhersagen, während der Clip läuft.</translation>
    </message>
    <message>
        <source>Next face</source>
        <translation type="unfinished">Nächstes Gesicht</translation>
    </message>
    <message>
        <source>Shows the curves of the next face track.</source>
        <translation type="unfinished">Zeigt die Kurven der nächsten Gesichtsspur.</translation>
    </message>
    <message>
        <source>Record a trace</source>
        <translation type="unfinished">Verlauf aufzeichnen</translation>
    </message>
    <message>
        <source>Move the mouse on the plane while the clip plays; saved as it runs.</source>
        <translation type="unfinished">Bewegen Sie die Maus auf der Ebene, während der Clip läuft; laufend gespeichert.</translation>
    </message>
    <message>
        <source>Stop and discard the trace</source>
        <translation type="unfinished">Verlauf beenden und verwerfen</translation>
    </message>
    <message>
        <source>Overlay</source>
        <translation type="unfinished">Einblendung</translation>
    </message>
    <message>
        <source>Everything drawn over the picture.</source>
        <translation type="unfinished">Alles, was über das Bild gezeichnet wird.</translation>
    </message>
    <message>
        <source>Draws contours and head axes of measured faces over the picture.</source>
        <translation type="unfinished">Zeichnet Konturen und Kopfachsen gemessener Gesichter über das Bild.</translation>
    </message>
    <message>
        <source>landmarks contours pose axes</source>
        <translation type="unfinished">landmarken konturen haltung achsen</translation>
    </message>
    <message>
        <source>Clip list</source>
        <translation type="unfinished">Clipliste</translation>
    </message>
    <message>
        <source>Plane and expressions</source>
        <translation type="unfinished">Ebene und Ausdrücke</translation>
    </message>
    <message>
        <source>Choose measures for the timeline…</source>
        <translation type="unfinished">Messwerte der Zeitleiste wählen…</translation>
    </message>
    <message>
        <source>Chooses which measures of the face the timeline shows.</source>
        <translation type="unfinished">Wählt, welche Messwerte des Gesichts die Zeitleiste zeigt.</translation>
    </message>
    <message>
        <source>curves pose brows mouth eyes blink</source>
        <translation type="unfinished">kurven haltung brauen mund augen blinzeln</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation type="unfinished">Vergrößern</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation type="unfinished">Verkleinern</translation>
    </message>
    <message>
        <source>Whole clip</source>
        <translation type="unfinished">Ganzer Clip</translation>
    </message>
    <message>
        <source>Light or dark</source>
        <translation type="unfinished">Hell oder dunkel</translation>
    </message>
    <message>
        <source>theme colours night</source>
        <translation type="unfinished">farbschema farben nacht</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation type="unfinished">Vollbild</translation>
    </message>
    <message>
        <source>fullscreen maximise</source>
        <translation type="unfinished">vollbild maximieren</translation>
    </message>
    <message>
        <source>Close the message</source>
        <translation type="unfinished">Meldung schließen</translation>
    </message>
    <message>
        <source>Closes the newest error or warning of this screen; an older one comes back.</source>
        <translation type="unfinished">Schließt die neueste Fehlermeldung oder Warnung dieser Ansicht; eine ältere kommt wieder.</translation>
    </message>
    <message>
        <source>dismiss hide banner error warning notice</source>
        <translation type="unfinished">schließen ausblenden leiste fehler warnung hinweis</translation>
    </message>
    <message>
        <source>Help on this screen</source>
        <translation type="unfinished">Hilfe zu dieser Ansicht</translation>
    </message>
    <message>
        <source>Opens the page of the screen that is shown. It needs no network.</source>
        <translation type="unfinished">Öffnet die Seite der gezeigten Ansicht. Das geht ohne Netz.</translation>
    </message>
    <message>
        <source>manual guide documentation pages how</source>
        <translation type="unfinished">handbuch anleitung dokumentation seiten wie</translation>
    </message>
    <message>
        <source>keys hotkeys help</source>
        <translation type="unfinished">tasten tastenkürzel hilfe</translation>
    </message>
    <message>
        <source>First hour for annotators</source>
        <translation type="unfinished">Erste Stunde für Annotatoren</translation>
    </message>
    <message>
        <source>Steps on the demo that tick themselves off; it resumes where it was left.</source>
        <translation type="unfinished">Schritte an der Demo, die sich selbst abhaken; sie geht weiter, wo sie verlassen wurde.</translation>
    </message>
    <message>
        <source>tutorial tour guide guided introduction learn begin</source>
        <translation type="unfinished">Anleitung Einführung Rundgang Tutorial lernen anfangen</translation>
    </message>
    <message>
        <source>First hour for psychologists</source>
        <translation type="unfinished">Erste Stunde für Psychologen</translation>
    </message>
    <message>
        <source>First hour for visitors</source>
        <translation type="unfinished">Erste Stunde für Gäste</translation>
    </message>
    <message>
        <source>Judge the demo as YOU</source>
        <translation type="unfinished">Demo als YOU beurteilen</translation>
    </message>
    <message>
        <source>Makes a study on the demo for a rater with the code YOU, and assigns its clips.</source>
        <translation type="unfinished">Legt auf der Demo eine Studie für einen Beurteiler mit dem Kürzel YOU an und weist ihre Clips zu.</translation>
    </message>
    <message>
        <source>Annotators</source>
        <translation type="unfinished">Annotierende</translation>
    </message>
    <message>
        <source>Open the demo: a clip with known affect, three traces, and a study with simulated raters.</source>
        <translation type="unfinished">Öffnen Sie die Demo: einen Clip mit bekanntem Affekt, drei Verläufe und eine Studie mit simulierten Beurteilern.</translation>
    </message>
    <message>
        <source>Play the clip with Space; ← and → step through its frames.</source>
        <translation type="unfinished">Spielen Sie den Clip mit Space ab; ← und → gehen Bild für Bild.</translation>
    </message>
    <message>
        <source>Record a trace: press R and move the mouse over the plane while the clip plays. It is saved at the end of the clip, or when you press R again.</source>
        <translation type="unfinished">Zeichnen Sie einen Verlauf auf: drücken Sie R und bewegen Sie die Maus über die Ebene, während der Clip läuft. Er wird am Ende des Clips gespeichert, oder wenn Sie R erneut drücken.</translation>
    </message>
    <message>
        <source>Take part: this makes a study on the demo for a rater with the code YOU, and assigns its clips.</source>
        <translation type="unfinished">Machen Sie mit: dies legt auf der Demo eine Studie für einen Beurteiler mit dem Kürzel YOU an und weist ihre Clips zu.</translation>
    </message>
    <message>
        <source>Open Annotate and sign in as YOU. While you judge, this panel is hidden: digits answer, ↓ and ↑ go from question to question, X says that you cannot tell, and Enter saves. Esc and then Leave bring the panel back.</source>
        <translation type="unfinished">Öffnen Sie „Annotieren“ und melden Sie sich als YOU an. Während Sie beurteilen, ist diese Leiste verborgen: Ziffern antworten, ↓ und ↑ gehen von Frage zu Frage, X sagt, dass Sie es nicht erkennen, und Enter speichert. Esc und dann „Verlassen“ bringen die Leiste zurück.</translation>
    </message>
    <message>
        <source>Judge two clips. Then press Esc to pause, and leave; your place is kept.</source>
        <translation type="unfinished">Beurteilen Sie zwei Clips. Halten Sie dann mit Esc an und verlassen Sie die Ansicht; Ihre Stelle bleibt erhalten.</translation>
    </message>
    <message>
        <source>Press ? to see all keys. You can give actions keys of your own.</source>
        <translation type="unfinished">Drücken Sie ?, um alle Tasten zu sehen. Sie können Aktionen eigene Tasten geben.</translation>
    </message>
    <message>
        <source>Press F1 on any screen for its page. It needs no network.</source>
        <translation type="unfinished">Drücken Sie F1 in jeder Ansicht für ihre Seite. Das geht ohne Netz.</translation>
    </message>
    <message>
        <source>Psychologists</source>
        <translation type="unfinished">Fachleute der Psychologie</translation>
    </message>
    <message>
        <source>Open Agreement. Its first page tells how far five simulated raters agree, by the face alone and in full context.</source>
        <translation type="unfinished">Öffnen Sie „Übereinstimmung“. Die erste Seite sagt, wie weit fünf simulierte Beurteiler übereinstimmen, mit nur Gesicht und mit vollem Kontext.</translation>
    </message>
    <message>
        <source>Turn its pages with Ctrl+Page down: the effect of context, reliability, raters, clips, traces, model.</source>
        <translation type="unfinished">Blättern Sie mit Ctrl+Page down durch die Seiten: Effekt des Kontexts, Reliabilität, Beurteiler, Clips, Verläufe, Modell.</translation>
    </message>
    <message>
        <source>Export a table or a figure with Ctrl+Shift+X: Excel, CSV, SVG, PDF or PNG.</source>
        <translation type="unfinished">Exportieren Sie eine Tabelle oder Abbildung mit Ctrl+Shift+X: Excel, CSV, SVG, PDF oder PNG.</translation>
    </message>
    <message>
        <source>Save the agreement report as PDF. It begins with its findings, and names every estimator.</source>
        <translation type="unfinished">Speichern Sie den Bericht zur Übereinstimmung als PDF. Er beginnt mit seinen Befunden und nennt jeden Schätzer.</translation>
    </message>
    <message>
        <source>Open Study: who judges which clips, in which condition, and how far everybody is.</source>
        <translation type="unfinished">Öffnen Sie „Studie“: wer welche Clips in welcher Bedingung beurteilt, und wie weit alle sind.</translation>
    </message>
    <message>
        <source>Begin a study of your own with the assistant. It shows problems with a button that solves each; you can leave it at any time.</source>
        <translation type="unfinished">Beginnen Sie eine eigene Studie mit dem Assistenten. Er zeigt Probleme mit einem Knopf, der jedes löst; Sie können ihn jederzeit verlassen.</translation>
    </message>
    <message>
        <source>Open Train to see what the labels can teach a model. It is compared on people whom it has not seen.</source>
        <translation type="unfinished">Öffnen Sie „Training“, um zu sehen, was die Labels ein Modell lehren können. Es wird an Personen verglichen, die es nicht gesehen hat.</translation>
    </message>
    <message>
        <source>Visitors</source>
        <translation type="unfinished">Vorführungen</translation>
    </message>
    <message>
        <source>Play the clip with Space. The dashed curves are people&apos;s traces.</source>
        <translation type="unfinished">Spielen Sie den Clip mit Space ab. Die gestrichelten Kurven sind die Verläufe der Menschen.</translation>
    </message>
    <message>
        <source>Analyse the clip with Ctrl+Enter. The model&apos;s curves are drawn solid beside those of the people.</source>
        <translation type="unfinished">Analysieren Sie den Clip mit Ctrl+Enter. Die Kurven des Modells werden durchgezogen neben denen der Menschen gezeichnet.</translation>
    </message>
    <message>
        <source>Zoom into the timeline with +, and out with −. The numbers beside it tell how well the curves agree.</source>
        <translation type="unfinished">Vergrößern Sie die Zeitleiste mit +, verkleinern Sie sie mit −. Die Zahlen daneben sagen, wie gut die Kurven übereinstimmen.</translation>
    </message>
    <message>
        <source>Measure the face with Ctrl+M: head pose, gaze, blinks and movements.</source>
        <translation type="unfinished">Messen Sie das Gesicht mit Ctrl+M: Kopfhaltung, Blick, Blinzeln und Bewegungen.</translation>
    </message>
    <message>
        <source>Open Camera to see what a model reads in your own face. Nothing leaves this machine.</source>
        <translation type="unfinished">Öffnen Sie „Kamera“, um zu sehen, was ein Modell in Ihrem eigenen Gesicht liest. Nichts verlässt diesen Rechner.</translation>
    </message>
    <message>
        <source>Open Models: what each was trained on, how good it is, and on whom it was measured.</source>
        <translation type="unfinished">Öffnen Sie „Modelle“: worauf jedes trainiert wurde, wie gut es ist und an wem es gemessen wurde.</translation>
    </message>
    <message>
        <source>Change between light and dark with Ctrl+Shift+D.</source>
        <translation type="unfinished">Wechseln Sie mit Ctrl+Shift+D zwischen hell und dunkel.</translation>
    </message>
    <message>
        <source>Press Ctrl+K and type what you want to do: every action is found by its name.</source>
        <translation type="unfinished">Drücken Sie Ctrl+K und tippen Sie, was Sie tun möchten: jede Aktion wird nach ihrem Namen gefunden.</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation type="unfinished">Bearbeiten</translation>
    </message>
    <message>
        <source>Playback</source>
        <translation type="unfinished">Wiedergabe</translation>
    </message>
    <message>
        <source>View</source>
        <translation type="unfinished">Ansicht</translation>
    </message>
</context>
</TS>
