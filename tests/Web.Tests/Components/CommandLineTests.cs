using Bunit;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Tests.Components;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("calicoctl replace -f - <<'EOF'\napiVersion: v1\nkind: profile\nspec:\n  ports: []\nEOF", "calicoctl replace")]
    [InlineData("docker run --name api --net backend busybox", "docker run")]
    [InlineData("docker network create --driver calico backend", "docker network create")]
    [InlineData("http://127.0.0.1:5000/draft/7\n", "http://127.0.0.1:5000/draft/7")]
    [InlineData("-x", "-x")]
    [InlineData("", "")]
    public void Button_IsCalledByTheCommandNotItsOptions(string command, string called)
    {
        using var context = new BunitContext();

        var button = context.Render<CommandLine>(parameters => parameters.Add(line => line.Text, command)).Find("button");

        Assert.Equal($"Copy command {called}", button.GetAttribute("aria-label"));
        Assert.Equal(command, button.GetAttribute("data-copy"));
    }

    [Fact]
    public void Button_OfALongWord_IsCut()
    {
        using var context = new BunitContext();

        var button = context.Render<CommandLine>(parameters => parameters.Add(line => line.Text, new string('a', 500))).Find("button");

        Assert.Equal($"Copy command {new string('a', 60)} …", button.GetAttribute("aria-label"));
    }
}
