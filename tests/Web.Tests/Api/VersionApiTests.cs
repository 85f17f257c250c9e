using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using CalicoConsole.Tests;

namespace CalicoConsole.Web.Tests.Api;

public sealed class VersionApiTests(ConsoleFactory console) : IClassFixture<ConsoleFactory>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Version_IsThatOfTheBuildAndOfTheChangelog()
    {
        var version = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("Version").Single().Value;
        using var answer = JsonDocument.Parse(await console.Api().GetStringAsync(new Uri("/api/v1/version", UriKind.Relative), Cancel));

        Assert.Equal(version, answer.RootElement.GetProperty("version").GetString());
        Assert.Contains($"## [{version}]", await File.ReadAllTextAsync(Path.Combine(Repository.Root, "CHANGELOG.md"), Cancel), StringComparison.Ordinal);
        Assert.Matches("^([0-9a-f]{40})?$", answer.RootElement.GetProperty("commit").GetString() ?? "");
        Assert.Equal("""{"datastore":"etcd v2 keys","calicoctl":"1.6.3","calicoNode":"v2.6.9"}""", answer.RootElement.GetProperty("baseline").GetRawText());
    }

    [Fact]
    public async Task Version_IsDescribedAndNeedsTheToken()
    {
        using var description = JsonDocument.Parse(await console.Api().GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), Cancel));
        var get = description.RootElement.GetProperty("paths").GetProperty("/api/v1/version").GetProperty("get");
        Assert.Equal("getVersion", get.GetProperty("operationId").GetString());
        using var anonymous = console.Anonymous();
        using var refused = await anonymous.GetAsync(new Uri("/api/v1/version", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }
}
