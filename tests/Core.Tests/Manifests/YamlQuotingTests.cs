using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Manifests;

/// <summary>How texts stand in an export: quoted where YAML 1.1, as Go reads it, would take something else, and folded as go-yaml folds them.</summary>
public sealed class YamlQuotingTests
{
    [Theory]
    [InlineData("red", "red")]
    [InlineData("10:45", "\"10:45\"")]
    [InlineData("-7:00:59.5", "\"-7:00:59.5\"")]
    [InlineData("10:60", "10:60")]
    [InlineData("02:aa:00:00:00:01", "02:aa:00:00:00:01")]
    [InlineData("02:10:00:00:00:01", "\"02:10:00:00:00:01\"")]
    [InlineData("12_000", "\"12_000\"")]
    [InlineData("_12", "_12")]
    [InlineData("0o19", "0o19")]
    [InlineData("0O17", "\"0O17\"")]
    [InlineData("+0b101", "\"+0b101\"")]
    [InlineData("0b102", "0b102")]
    [InlineData("0xFFFFFFFFFFFFFFFF", "\"0xFFFFFFFFFFFFFFFF\"")]
    [InlineData("-0xFFFFFFFFFFFFFFFF", "-0xFFFFFFFFFFFFFFFF")]
    [InlineData("-0x8000000000000000", "\"-0x8000000000000000\"")]
    [InlineData("0x1p-4", "\"0x1p-4\"")]
    [InlineData("0x1p5000", "0x1p5000")]
    [InlineData("0x.8p1", "\"0x.8p1\"")]
    [InlineData("0x.p1", "0x.p1")]
    [InlineData("1e400", "1e400")]
    [InlineData("1e-400", "\"1e-400\"")]
    [InlineData("5.", "\"5.\"")]
    [InlineData(".5_0", "\".5_0\"")]
    [InlineData("._5", "._5")]
    [InlineData(".", ".")]
    [InlineData("+inf", "\"+inf\"")]
    [InlineData("-Infinity", "\"-Infinity\"")]
    [InlineData("inf", "inf")]
    [InlineData("-.inf", "\"-.inf\"")]
    [InlineData("+.nan", "+.nan")]
    [InlineData("No", "\"No\"")]
    [InlineData("nO", "nO")]
    [InlineData("", "\"\"")]
    [InlineData("~", "\"~\"")]
    [InlineData("<<", "<<")]
    [InlineData("=", "=")]
    [InlineData("2001-12-14", "2001-12-14")]
    [InlineData("- x", "'- x'")]
    [InlineData("-x", "-x")]
    [InlineData("---", "'---'")]
    [InlineData("...and", "'...and'")]
    [InlineData("? x", "'? x'")]
    [InlineData("?x", "?x")]
    [InlineData("a: b", "'a: b'")]
    [InlineData("a:", "'a:'")]
    [InlineData("a:b", "a:b")]
    [InlineData("a #b", "'a #b'")]
    [InlineData("a#b", "a#b")]
    [InlineData("#", "'#'")]
    [InlineData("!has(x)", "'!has(x)'")]
    [InlineData("it's", "it's")]
    [InlineData("'tis", "'''tis'")]
    [InlineData("\"q\"", "'\"q\"'")]
    [InlineData(" x", "' x'")]
    [InlineData("x ", "'x '")]
    [InlineData("\tx", "\"\\tx\"")]
    [InlineData("x\ty", "\"x\\ty\"")]
    [InlineData("x\u007f", "\"x\\x7F\"")]
    [InlineData("caf\u00e9", "caf\u00e9")]
    [InlineData("\u00a0", "\u00a0")]
    [InlineData("\u0085x", "\"\\Nx\"")]
    [InlineData("\ufeffx", "\"\\uFEFF\\x78\"")]
    [InlineData("\ud83d\ude00", "\"\\U0001F600\"")]
    [InlineData("a\nb", "|-\n    a\n    b")]
    [InlineData("a\n", "|\n    a")]
    [InlineData("\na", "|2-\n\n    a")]
    [InlineData(" a\nb", "|2-\n     a\n    b")]
    [InlineData("a \nb", "\"a \\nb\"")]
    [InlineData("a\rb", "\"a\\rb\"")]
    public void Text_AsGoYamlWritesIt(string text, string written) =>
        Assert.Equal(
            $"- m:\n    k: {Inner(written)}\n",
            GoYaml.FromJson("[{\"m\":{\"k\":" + System.Text.Json.JsonSerializer.Serialize(text) + "}}]").TrimEnd('\n') + "\n");

    [Fact]
    public void Text_LongerThanALine_IsFoldedAtSingleBlanks()
    {
        var word = new string('w', 50);
        var yaml = GoYaml.FromJson($$"""{"a":"{{word}} {{word}} x  y","b":"{{word}}: {{word}} z","c":"{{word}}\t{{word}} z"}""");
        Assert.Equal($"a: {word} {word}\n  x  y\nb: '{word}: {word}\n  z'\nc: \"{word}\\t{word}\n  z\"\n", yaml);
    }

    [Fact]
    public void Key_TooLongForOne_StandsBehindAQuestionMark()
    {
        var key = new string('k', 129);
        Assert.Equal($"? {key}\n: - 1\n  - b: {{}}\nshort:\n- []\n", GoYaml.FromJson($$$"""{"{{{key}}}":[1,{"b":{}}],"short":[[]]}"""));
    }

    [Theory]
    [InlineData("1e-07", "1e-07")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("0.00001", "1e-05")]
    [InlineData("123456.5", "123456.5")]
    [InlineData("1234567.5", "1.2345675e+06")]
    [InlineData("1234567", "1234567")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    [InlineData("18446744073709551616", "1.8446744073709552e+19")]
    [InlineData("-0", "0")]
    [InlineData("-2.5e-300", "-2.5e-300")]
    public void Number_AsGoYamlWritesIt(string json, string written) => Assert.Equal($"- {written}\n", GoYaml.FromJson($"[{json}]"));

    [Fact]
    public void Members_NumbersWithinNames_ByValue() =>
        Assert.Equal(
            "_a: 1\n01: 1\n\"2\": 1\n\"10\": 1\nZ: 1\na: 1\na-b: 1\na2: 1\na10: 1\naB: 1\n".Replace("01: 1\n", "", StringComparison.Ordinal),
            GoYaml.FromJson("""{"a10":1,"a2":1,"a":1,"aB":1,"a-b":1,"Z":1,"10":1,"2":1,"_a":1}"""));

    [Fact]
    public void Listing_TreeOrder_DirectoryByDirectory()
    {
        string[] keys = ["/h/a/x", "/h/a-b/x", "/h/a.b/x", "/h/a0/x", "/h/aa/x", "/h/\uffee/x", "/h/\ud83d\ude00/x"];
        Assert.Equal(keys, keys.Reverse().Order(TreeOrder.Instance));
    }

    [Fact]
    public void Table_ATabOrALineEndWithinAValue_IsOneOfTheTable()
    {
        Policy[] policies = [new() { Name = "a", Selector = "x\ty" }, new() { Name = "longer", Selector = "p\nq", Order = 1234567 }];
        Assert.Equal(
            "NAME     ORDER          SELECTOR   \na        <nil>          x          y    \nlonger   1.234567e+06   p\nq        \n\n",
            ManifestExport.ToTable(KindNames.Policy, policies, CalicoState.Empty, wide: true));
    }

    private static string Inner(string written) => written.StartsWith('|') ? written.Replace("\n    ", "\n      ", StringComparison.Ordinal) : written;
}
