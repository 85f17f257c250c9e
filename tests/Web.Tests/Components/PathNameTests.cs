using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Routing;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.Components;

/// <summary>A name comes back from the path of its page, however often that is unescaped and whoever folds dots and slashes on the way.</summary>
public sealed class PathNameTests
{
    private static readonly string[] Names =
    [
        "", ".", "..", "...", "/", "//", "a/", "/a", "a//b", "a/../b", "a/./b", "web", "team/db", "50%", "p%2Fq", "p%2fq", "p%252Fq", "%", "%%", "%41", "~",
            "~7e", "a~b", "a~25", "~~",
        "back\\slash", "line\nbreak", "esc\u001b[31m", "nul\0", "tab\t", "\u202Egnp.exe", "\u2028", "\uFEFF", "ü/ß", "日本", "😀", "a b", "a+b", "a?b", "a#b",
            "a&b=c", "a;b", "a:b", "'\"<>", "con.css", "\u0085",
    ];

    [Fact]
    public void Parts_EveryName_ComesBackFromEveryRouteThere()
    {
        var random = new Random(7);
        var alphabet = string.Concat(Names.Where(n => n.Length > 0)).Distinct().Where(c => !char.IsSurrogate(c)).ToArray();
        var made = Enumerable.Range(0, 5000).Select(_ =>
            new string([.. Enumerable.Range(0, random.Next(0, 9)).Select(_ => alphabet[random.Next(alphabet.Length)])]));
        foreach (var name in Names.Concat(made))
        {
            foreach (var path in new[] { PathName.Part(name), PathName.Parts(name) })
            {
                // As a browser sends it, as a server hands it on, and as something that unescapes once more makes of it.
                var sent = new Uri(new Uri("http://console/base/"), $"profiles/{path}").AbsolutePath;
                Assert.StartsWith("/base/profiles/", sent, StringComparison.Ordinal);
                var handed = PathString.FromUriComponent(sent).Value!;
                Assert.Equal(name, Read(handed["/base/profiles/".Length..]));
                Assert.Equal(name, Read(Uri.UnescapeDataString(handed)["/base/profiles/".Length..]));
            }

            Assert.DoesNotContain('/', PathName.Part(name));
        }
    }

    [Fact]
    public void Resource_OfEveryKindAndName_HasALinkOfItsOwn()
    {
        var links = new Dictionary<string, ResourceId>(StringComparer.Ordinal);
        foreach (var name in Names)
        {
            foreach (var other in Names)
            {
                ResourceId[] ids =
                [
                    new(KindNames.HostEndpoint, name) { Node = other },
                    new(KindNames.WorkloadEndpoint, name) { Node = "n", Orchestrator = "k8s", Workload = other },
                    new(KindNames.WorkloadEndpoint, "eth0") { Node = "n", Orchestrator = name, Workload = other },
                ];
                foreach (var id in ids.Concat(name == other ? [new ResourceId(KindNames.Profile, name), new(KindNames.Policy, name), new(KindNames.Node, name)]
                    : []))
                {
                    var link = new Uri(new Uri("http://console/"), Links.Resource(id)!).PathAndQuery;
                    Assert.True(links.TryAdd(link, id) || links[link] == id, $"{id} and {links[link]} share {link}");
                }
            }
        }
    }

    [Theory]
    [InlineData("50%25", "50%")]
    [InlineData("50%", "50%")]
    [InlineData("p%2Fq", "p/q")]
    [InlineData("p/q", "p/q")]
    [InlineData("p%252Fq", "p%2Fq")]
    [InlineData("p%2Fq", "p%2Fq")]
    [InlineData("p%25252Fq", "p%252Fq")]
    [InlineData("p%25252Fq", "p%2Fq")]
    [InlineData("a~b", "a~b")]
    [InlineData("a~7eb", "a~b")]
    [InlineData("a~7eb", "a~7eb")]
    public void Address_ByHand_IsReadAsWhatExists(string written, string name) => Assert.Equal(name, new WrittenName(written).Read(n => n == name));

    [Fact]
    public void Address_IsReadByOneRule_WhereSeveralReadingsExist() => Assert.Equal("p/q", new WrittenName("p%2Fq").Read(n => n is "p/q" or "p%2Fq"));

    [Fact]
    public void Address_OfLinksApiAndCalicoctl_LeadsToEveryName()
    {
        using var context = new Bunit.BunitContext();
        var navigation = context.Services.GetRequiredService<NavigationManager>();
        foreach (var name in Names.Where(n => n.Length > 0 && n is not "." and not ".." && !n.Contains('\0', StringComparison.Ordinal)))
        {
            // As our links write it, as the API's addresses write it, and as somebody pastes what calicoctl prints: browsers escape what no address may hold,
            // and nothing else.
            List<string> written = [PathName.Parts(name), Uri.EscapeDataString(name)];
            if (!name.Contains('?', StringComparison.Ordinal) && !name.Contains('#', StringComparison.Ordinal)
                && name.Split('/').All(p => p is not "" and not "." and not ".."))
            {
                written.Add(string.Concat(name.Select(c => c is '%' or '/' or '~' ? c.ToString() : char.IsSurrogate(c) ? c.ToString()
                    : Uri.EscapeDataString(c.ToString()))));
            }

            foreach (var address in written)
            {
                navigation.NavigateTo($"profiles/{address}?tab=yaml");
                // The router has unescaped the address, some of it twice.
                var handed = Uri.UnescapeDataString(address).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
                Assert.Equal(name, WrittenName.From(navigation, handed, 1, rest: true).Read(n => n == name));
            }
        }
    }

    private static string Read(string path) => string.Join('/', path.Split('/').Select(PathName.Read));
}
