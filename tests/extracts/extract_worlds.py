"""Tiny extracts and maps of them, and what became of their rows."""

import io
import zipfile

import analytics as rc

HEAD = '[[file]]\nname = "f"\npattern = "*"\n'
LINE_COLUMNS = """
claim.patient_control_number = "Acct"
claim.claim_type = { constant = "professional" }
claim.submission_date = "Sent"
payer.payer_name = "Payer"
claim_line.procedure_code = "CPT"
claim_line.billed_amount = "Amt"
claim_line.service_from_date = "DOS"
"""
LINES = HEAD + 'grain = "line"\n{more}[file.columns]' + LINE_COLUMNS
WRITE_OFFS = (
    HEAD
    + "{more}[file.columns]\n"
    + """
write_off.patient_control_number = "Acct"
write_off.write_off_date = "Day"
write_off.amount = "Amt"
"""
)


def lines(more="", columns=""):
    """A map of service lines."""
    return LINES.replace("{more}", more) + columns


def write_offs(more="", columns=""):
    """A map of write-offs."""
    return WRITE_OFFS.replace("{more}", more) + columns


class World:
    """A database, a folder, and what loads did."""

    def __init__(self, folder):
        self.folder = folder
        self.db = rc.Database(":memory:")

    def load(self, text, content, name="extract.csv", **options):
        """Load one file by a map; its report."""
        path = self.folder / "in" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        said = self.folder / "map.toml"
        said.write_text(text)
        report = rc.load(self.db, path, map=said, progress=False, **options)
        for file in report.files:
            self.law(file)
        return report.files[0]

    def law(self, file):
        """Rows loaded and rows rejected are the rows read."""
        if file.status == "loaded":
            assert file.extract_rows + file.rejected == file.records

    def rows(self, table, *columns):
        """Rows of a table in order of the file, as tuples."""
        order = "file_id" if table == "source_file" else "file_id, record_no"
        return self.db.sql(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {order}").rows()

    def rejected(self, severity="rejected"):
        """(row, rule, column) of what was kept out."""
        return self.db.sql(
            "SELECT record_no, rule, column_name FROM rejected WHERE severity = $severity "
            "ORDER BY file_id, record_no",
            severity=severity,
        ).rows()


def workbook(sheets, tail="", head=""):
    """An .xlsx of sheets: name -> rows of cells; a cell is a text, a number or raw XML."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    names = list(sheets)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>'
            for n in range(1, len(names) + 1)
        )
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">{head}<sheets>'
        + "".join(
            f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        + "".join(
            f'<Relationship Id="rId{n}" Type="{office}/worksheet" '
            f'Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(names) + 1)
        )
        + f'<Relationship Id="rId99" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs count="2"><xf/>'
        '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
    }
    for n, name in enumerate(names, 1):
        rows = "".join(
            f'<row r="{r}">{"".join(cell(c, r, v) for c, v in enumerate(row))}</row>'
            for r, row in enumerate(sheets[name], 1)
        )
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>{tail}</worksheet>'
        )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, '<?xml version="1.0"?>' + text)
    return packed.getvalue()


def cell(column, row, value):
    """The XML of a cell; a value that begins with < is what is inside it, after its attributes."""
    at = f'r="{chr(65 + column)}{row}"'
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith("<"):
        return value.replace("<c", f"<c {at}", 1)
    if isinstance(value, str):
        return f'<c {at} t="inlineStr"><is><t>{value}</t></is></c>'
    return f"<c {at}><v>{value}</v></c>"
