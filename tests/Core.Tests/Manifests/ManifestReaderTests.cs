using System.Text;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Tests.Golden;
using CsCheck;

namespace CalicoConsole.Core.Tests.Manifests;

public sealed class ManifestReaderTests
{
    private const string Head = "apiVersion: v1\nkind: ";

    [Fact]
    public void Read_DocumentsListsAndSequences_InOrderWithTheirPlaces()
    {
        var manifest = ManifestReader.Read(
            """
            ---
            apiVersion: v1
            kind: profile
            metadata: {name: a}
            --- # dropped
            kind: policyList
            apiVersion: v1
            items:
            - {apiVersion: v1, kind: policy, metadata: {name: b}}
            - {apiVersion: v1, kind: policy, metadata: {name: c}}
            ---
            - {apiVersion: v1, kind: node, metadata: {name: d}}
            - kind: profileList
              apiVersion: v1
              items: [{apiVersion: v1, kind: profile, metadata: {name: e}}]
            ---

            """);
        Assert.True(manifest.IsValid, string.Join("; ", manifest.Items.SelectMany(i => i.Errors)));
        Assert.Equal(
            ["1  4... profile a", "2 items[0] policy b", "2 items[1] policy c", "3 [0] node d", "3 [1].items[0] profile e"],
            manifest.Items.Select(i => $"{i.Document} {i.Path}{(i.Path.Length == 0 ? " 4..." : "")} {i.Kind} {i.Name}"));
        Assert.Equal([2, 9, 10, 12, 15], manifest.Items.Select(i => i.Line));
    }

    [Theory]
    [InlineData("{\"apiVersion\":\"v1\",\"kind\":\"profile\",\"metadata\":{\"name\":\"json-a\",\"tags\":[\"t\"]}}", "profile json-a")]
    [InlineData(
        "[{\"apiVersion\":\"v1\",\"kind\":\"profile\",\"metadata\":{\"name\":\"a\"}},"
        + "{\"apiVersion\":\"v1\",\"kind\":\"profile\",\"metadata\":{\"name\":\"b\"}}]",
        "profile a, profile b")]
    [InlineData("APIVERSION: v1\nKind: profile\nMetadata: {NAME: x}", "profile x")]
    [InlineData("kind: profileList\napiVersion: v1\nItems:\n- {apiVersion: v1, kind: profile, metadata: {name: x}}", "profile x")]
    [InlineData("kind: profileList\napiVersion: v1\nmetadata: {}\nitems: null", "")]
    [InlineData("kind: profile\nkind: policy\napiVersion: v1\nmetadata: {name: last}", "policy last")]
    [InlineData("a: &a {apiVersion: v1}\n", null)]
    [InlineData("- &p {apiVersion: v1, kind: profile, metadata: {name: x}}\n- {<<: *p, metadata: {name: z}}", "profile x, profile z")]
    [InlineData("apiVersion: v1\nkind: profile\nmetadata: {name: n}", "profile false")]
    [InlineData("apiVersion: v1\nkind: profile\nmetadata: {name: 010}", "profile 8")]
    [InlineData("apiVersion: v1\nkind: profile\nmetadata: {name: !!str 010}", "profile 010")]
    [InlineData("apiVersion: v1\nkind: profile\nmetadata: {name: 1e6}", null)]
    [InlineData(
        "apiVersion: v1\r\nkind: profile\r\nmetadata:\r\n  name: x\r\n---\r\napiVersion: v1\r\nkind: profile\r\nmetadata:\r\n  name: z\r\n",
        "profile x, profile z")]
    [InlineData("\ufeffapiVersion: v1\nkind: profile\nmetadata: {name: bom}", "profile bom")]
    public void Read_Forms(string text, string? resources)
    {
        var manifest = ManifestReader.Read(text);
        Assert.Equal(resources is not null, manifest.IsValid);
        if (resources is not null)
        {
            Assert.Equal(resources, string.Join(", ", manifest.Items.Select(i => $"{i.Kind} {i.Name}")));
        }
    }

    [Theory]
    [InlineData("apiVersion: v1\nkind: profile\nmetadata:\n  name: p bad\n", 1, 4, 3, "metadata.name")]
    [InlineData(
        "apiVersion: v1\nkind: ipPool\nmetadata:\n  cidr: 10.0.0.0/8\n---\napiVersion: v1\nkind: ipPool\nmetadata:\n  cidr: hello",
        2, 9, 3, "metadata.cidr")]
    [InlineData(Head + "profile\nmetadata: {name: x}\nspec:\n  ingress:\n  - action: allow\n  - action: permit", 1, 7, 5, "spec.ingress[1].action")]
    [InlineData(Head + "profile\nmetadata: {name: x}\nspec:\n  ingress:\n  - {}", 1, 6, 5, "spec.ingress[0].action")]
    [InlineData(Head + "profile\nMetadata: {name: x, labels: {a.b/c: 'x y'}}", 1, 3, 30, "metadata.labels.a.b/c")]
    [InlineData("kind: profileList\napiVersion: v1\nitems:\n- {kind: profile, metadata: {name: x}}", 1, 4, 3, "apiVersion")]
    [InlineData("kind: profileList\napiVersion: v1\nitems:\n- {apiVersion: v1, kind: policy, metadata: {name: x}}", 1, 4, 20, "kind")]
    [InlineData("kind: profileList\napiVersion: v1\nextra: 1\nitems: []", 1, 3, 1, "extra")]
    [InlineData("- apiVersion: v1\n  kind: policy\n  metadata:\n    name: 123", 1, 4, 5, "metadata.name")]
    [InlineData("- null", 1, 1, 3, "kind")]
    [InlineData("apiVersion: v1\nkind: profile\n\tmetadata: {}", 1, 3, 1, "")]
    [InlineData("hello", 1, 1, 1, "")]
    [InlineData("", 1, 1, 1, "")]
    [InlineData("# only\n---\napiVersion: v1\nkind: profile\nmetadata: {name: x}", 1, 1, 1, "")]
    [InlineData("a: &a [*a]", 1, 1, 8, "")]
    [InlineData("a: *b", 1, 1, 4, "")]
    [InlineData("a: \u0001", 1, 1, 4, "")]
    public void Read_Wrong_SaysWhere(string text, int document, int line, int column, string field)
    {
        var item = ManifestReader.Read(text).Items.First(i => !i.Errors.IsEmpty);
        var error = item.Errors[0];
        Assert.Equal((document, line, column, field), (item.Document, error.Line, error.Column, error.Field));
    }

    [Theory]
    [InlineData("- apiVersion: v1\n  kind: policy\n  metadata: {name: 123}", "cannot parse number '123' into field PolicyMetadata.name of type string")]
    [InlineData("- apiVersion: v1\n  kind: policy\n  metadata: {name: on}", "cannot parse bool 'true' into field PolicyMetadata.name of type string")]
    [InlineData(
        Head + "node\nmetadata: {name: a}\nspec: {bgp: {asNumber: 1.10, ipv4Address: 10.0.0.1}}",
        "json: cannot unmarshal number into Go value of type string")]
    [InlineData(Head + "bgpPeer\nmetadata: {scope: global, peerIP: 10}", "json: cannot unmarshal number into Go value of type string")]
    [InlineData(
        Head + "profile\nmetadata: {name: a}\nspec: {ingress: [{action: allow, protocol: tcp, source: {ports: [true]}}]}",
        "json: cannot unmarshal bool into Go value of type uint16")]
    [InlineData("{{{ nope", "error parsing document: yaml: line 1: did not find expected ',' or '}'")]
    [InlineData("apiVersion: v1\nkind: thing", "Unknown resource type (thing) and/or version (v1)")]
    [InlineData("apiVersion: v2\nkind: policyList", "Unknown resource type (policyList) and/or version (v2)")]
    [InlineData("{a: b}", "Unknown resource type () and/or version ()")]
    [InlineData("apiVersion: v1\nkind: profile\nmetadata: {name: !!int x}", "error parsing document: yaml: line 3: cannot decode !!str `x` as a !!int")]
    public void Read_Wrong_Reason(string text, string reason) => Assert.Equal(reason, ManifestReader.Read(text).Items.SelectMany(i => i.Errors).First().Reason);

    [Fact]
    public void Read_RangeInBrackets_IsRefusedWithTheCure()
    {
        const string InBrackets = Head + "profile\nmetadata: {name: a}\nspec: {ingress: [{action: allow, protocol: tcp, source: {ports: [80:90]}}]}";
        const string InLines = Head + "profile\nmetadata: {name: a}\nspec:\n  ingress:\n  - action: allow\n    protocol: tcp\n"
            + "    source:\n      ports:\n      - 80:90";
        var error = Assert.Single(Assert.Single(ManifestReader.Read(InBrackets).Items).Errors);
        Assert.StartsWith("error parsing document: yaml: line 4: found unexpected ':'", error.Reason, StringComparison.Ordinal);
        Assert.Contains("\"80:90\"", error.Reason, StringComparison.Ordinal);
        Assert.Equal(66, error.Column);
        Assert.True(ManifestReader.Read(InLines).IsValid);
    }

    [Theory]
    [InlineData("metadata: {name: on}", "unquoted on is read as true: write \"on\" where the text is meant")]
    [InlineData("metadata: {name: x, labels: {n: a}}", "unquoted n is read as false: write \"n\" where the text is meant")]
    [InlineData("metadata: {name: x, labels: {a: 1.50}}", "unquoted 1.50 is read as the number 1.5: write \"1.50\" where the text is meant")]
    [InlineData("metadata: {name: x, labels: {a: 010}}", "unquoted 010 is read as the number 8: write \"010\" where the text is meant")]
    [InlineData("metadata: {name: x}\nmetadata: {name: z}", "metadata is given twice: the last one counts")]
    [InlineData("metadata: {name: x}\n...\r---\rmore: [", "calicoctl reads nothing of this document from here on: separate documents with a line of ---")]
    public void Read_Trap_IsPointedOut(string rest, string note) =>
        Assert.Equal(note, Assert.Single(ManifestReader.Read(Head + "profile\n" + rest).Notes).Text);

    [Fact]
    public void Read_BooleansAndNumbersWhereTheyBelong_AreNoTraps() => Assert.Empty(ManifestReader.Read(
        Head + "ipPool\nmetadata: {cidr: 10.0.0.0/16}\nspec: {nat-outgoing: yes, ipip: {enabled: on}}\n---\n"
        + Head + "policy\nmetadata: {name: x, annotations: {a: 1}}\nspec: {order: 1e6}").Notes);

    [Fact]
    public void Read_EveryErrorOfEveryDocument_AtOnce()
    {
        var manifest = ManifestReader.Read(
            Head + "profile\nmetadata: {name: 'a b', tags: ['x/y'], extra: 1, more: 2}\n---\n{{{\n---\n" + Head + "ipPool\nmetadata: {cidr: 192.0.2.5/27}");
        Assert.Equal([2, 1, 2], manifest.Items.Select(i => i.Errors.Length));
    }

    [Fact]
    public void Read_64KiBDocument_IsRefusedAsCalicoctlDoes()
    {
        var text = Head + "profile\nmetadata: {name: x}\n#";
        Assert.True(ManifestReader.Read(text + new string('x', 65535 - text.Length)).IsValid);
        Assert.StartsWith(
            "bufio.Scanner: token too long",
            ManifestReader.Read(text + new string('x', 65536 - text.Length)).Items[0].Errors[0].Reason,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
        + "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]")]
    [InlineData("a: &a {x: 1}\nb: &b {<<: [*a,*a,*a,*a,*a,*a,*a,*a]}\nc: {<<: [*b, *b], y: *b}")]
    public void Read_Aliases_AreBounded(string text)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(ManifestReader.Read(text).IsValid);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
    }

    [Fact]
    public void Read_ManyDocuments_IsBounded()
    {
        Assert.Contains(
            "more than",
            ManifestReader.Read(string.Concat(Enumerable.Repeat("[]\n---\n", ManifestReader.MaxItems + 5))).Items[^1].Errors[0].Reason,
            StringComparison.Ordinal);
        Assert.Contains("too large", ManifestReader.Read(new string('#', ManifestReader.MaxLength + 1)).Items[0].Errors[0].Reason, StringComparison.Ordinal);
        var many = ManifestReader.Read("apiVersion: v1\nkind: profile\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"f{i}: 1\n")));
        Assert.Equal(101, many.Items[0].Errors.Length);
    }

    [Fact]
    public void Read_AnyText_NeverThrows() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char[" \n\t:-{}[],&*!|>'\"#%@`~?0123456789abcdefnyxo.\\\u00e9\ud83d"], 0, 80])
            .Sample(text => ManifestReader.Read(text).Items.All(i => i.Resource is not null || !i.Errors.IsEmpty), iter: 30_000);

    [Fact]
    public void Read_MutatedManifests_NeverThrow()
    {
        var seeds = GoldenStep.Read("calicoctl", "multi", "errors", "misc").Select(s => s.Input).OfType<string>().Distinct().ToArray();
        string[] pieces =
        [
            "", ":", "- ", "\n", "{", "]", "*a", "&a ", "<<: ", "\"", "!!int ", "null", "\n---\n", "\ud800", "99999999999999999999", "-", "\t", "..", "_",
        ];
        Gen.Select(Gen.Int[0, seeds.Length - 1], Gen.Select(Gen.Int[0, 5000], Gen.Int[0, 6], Gen.OneOfConst(pieces)).Array[1, 6])
            .Sample(
                (seed, edits) =>
                {
                    var text = new StringBuilder(seeds[seed]);
                    foreach (var (at, cut, put) in edits)
                    {
                        var index = text.Length == 0 ? 0 : at % text.Length;
                        text.Remove(index, Math.Min(cut, text.Length - index)).Insert(index, put);
                    }

                    var manifest = ManifestReader.Read(text.ToString());
                    Assert.All(manifest.Items, i => Assert.True(i.Resource is not null || !i.Errors.IsEmpty));
                    Assert.All(manifest.Items.SelectMany(i => i.Errors), e => Assert.True(e.Line >= 1 && e.Column >= 1 && e.Reason.Length > 0, e.ToString()));
                    Assert.All(manifest.Items.Where(i => i.Errors.IsEmpty), i => ResourceDocument.Write(i.Resource!));
                },
                iter: 20_000);
    }

    [Theory]
    [InlineData("1.5", "1.5")]
    [InlineData("1e6", "1e+06")]
    [InlineData("100000.0", "100000")]
    [InlineData("999999.5", "999999.5")]
    [InlineData("1234567.891", "1.234567891e+06")]
    [InlineData("0.00001", "1e-05")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("1e300", "1e+300")]
    [InlineData("16777217.0", "1.6777217e+07")]
    [InlineData("0x10", "16")]
    [InlineData("-0x10", "-16")]
    [InlineData("010", "8")]
    [InlineData("08", "8")]
    [InlineData("0b11", "3")]
    [InlineData("1_000", "1000")]
    [InlineData("+5", "5")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    [InlineData("18446744073709551616", "1.8446744073709552e+19")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    [InlineData("1:30", "1:30")]
    [InlineData("2018-05-01", "2018-05-01")]
    [InlineData("1.2.3.4", "1.2.3.4")]
    [InlineData("yEs", "yEs")]
    [InlineData("_1", "_1")]
    [InlineData("0x", "0x")]
    [InlineData("~", "")]
    [InlineData("'010'", "010")]
    [InlineData("!!binary aGk=", "hi")]
    public void Read_ScalarWhereATextIsDue_AsGoYaml(string scalar, string text)
    {
        var item = Assert.Single(ManifestReader.Read($"apiVersion: v1\nkind: policy\nmetadata:\n  name: x\n  annotations:\n    a: {scalar}").Items);
        Assert.Equal(text, Assert.IsType<Policy>(item.Resource).Annotations["a"]);
    }
}
