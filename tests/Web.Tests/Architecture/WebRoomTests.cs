using CalicoConsole.Core.Tests.Architecture;
using CalicoConsole.Tests;
using CalicoConsole.Web.Hosting;

namespace CalicoConsole.Web.Tests.Architecture;

/// <summary>Rooms of Web that others stand on know nothing of those above them (docs/architecture.md, "Rooms of Web").</summary>
public sealed class WebRoomTests
{
    private const string Web = "CalicoConsole.Web";
    private static readonly string Sources = Path.Combine(Repository.Root, "src", "Web");
    private static readonly Lazy<TypeDependencies> OfWeb = new(() => new TypeDependencies(typeof(ConsoleHost).Assembly.GetTypes(), Texts()));

    [Theory]
    [InlineData("Areas", "Shell")]
    [InlineData("Kit", "Areas", "Shell", "Api")]
    [InlineData("Live", "Kit", "Areas", "Shell", "Api")]
    [InlineData("Routing", "Kit", "Areas", "Shell")]
    public void Room_UsesNothingAboveIt(string room, params string[] above)
    {
        var uses = OfWeb.Value.Uses.Where(u => Is(u.From, room)).ToArray();
        var wrong = uses.Where(u => above.Any(a => Is(u.To, a))).Select(u => $"{u.From.Name} uses {u.To.Name}").Order(StringComparer.Ordinal).ToArray();
        Assert.NotEmpty(uses);
        Assert.True(wrong.Length == 0, $"{room} knows what stands above it: {string.Join(", ", wrong)}");
    }

    [Fact]
    public void Room_ThatUsesAnother_IsSeen() => Assert.Contains(OfWeb.Value.Uses, u => Is(u.From, "Areas") && Is(u.To, "Kit"));

    private static bool Is(Type type, string room) => type.Namespace is { } name
        && (name == $"{Web}.{room}" || name.StartsWith($"{Web}.{room}.", StringComparison.Ordinal));

    private static IEnumerable<string> Texts() => Directory.EnumerateFiles(Sources, "*.cs", SearchOption.AllDirectories)
        .Where(path => Path.GetRelativePath(Sources, path).Split(Path.DirectorySeparatorChar)[0] is not ("obj" or "bin")).Select(File.ReadAllText);
}
