using System.Xml.Linq;
using CalicoConsole.Tests;

namespace CalicoConsole.Core.Tests.Architecture;

public sealed class RepositoryTests
{
    [Fact]
    public void GoldenData_IsThere() => Assert.True(Directory.Exists(CalicoConsole.Tests.Repository.Golden("docker")));

    /// <summary>The arrows of the house: what each project may know.</summary>
    [Theory]
    [InlineData("Core")]
    [InlineData("Adapters", "Core")]
    [InlineData("NodeEmulation", "Core")]
    [InlineData("Sandbox", "NodeEmulation")]
    [InlineData("Lab", "Adapters", "NodeEmulation")]
    [InlineData("Web", "Adapters", "Sandbox")]
    public void Projects_KnowOnlyWhatTheyMay(string project, params string[] allowed)
    {
        var file = Path.Combine(Repository.Root, "src", project, project + ".csproj");
        var known = XDocument.Load(file).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(((string?)r.Attribute("Include"))!.Replace('\\', '/')));
        Assert.Equal(allowed.Order(StringComparer.Ordinal), known.Order(StringComparer.Ordinal));
    }
}
