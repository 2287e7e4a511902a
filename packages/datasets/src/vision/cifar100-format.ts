import type { CifarVariant } from "./cifar-format.js";

/** The 100 classes, as they are called in the authors' files. */
export const classNames: readonly string[] = (
  "apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel " +
  "can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur " +
  "dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion " +
  "lizard lobster man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree " +
  "pear pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea " +
  "seal shark shrew skunk skyscraper snail snake spider squirrel streetcar sunflower sweet_pepper table " +
  "tank telephone television tiger tractor train trout tulip turtle wardrobe whale willow_tree wolf woman " +
  "worm"
).split(" ");

/** The 20 classes of classes. */
export const coarseClassNames: readonly string[] = (
  "aquatic_mammals fish flowers food_containers fruit_and_vegetables household_electrical_devices " +
  "household_furniture insects large_carnivores large_man-made_outdoor_things large_natural_outdoor_scenes " +
  "large_omnivores_and_herbivores medium_mammals non-insect_invertebrates people reptiles small_mammals " +
  "trees vehicles_1 vehicles_2"
).split(" ");

export const cifar100: CifarVariant = {
  name: "CIFAR100",
  slug: "cifar-100",
  labels: [
    { key: "coarse_labels", classes: coarseClassNames.length },
    { key: "fine_labels", classes: classNames.length },
  ],
  train: { train: 50_000 },
  test: { test: 10_000 },
  binary: { directory: "cifar-100-binary", archive: "cifar-100-binary.tar.gz", suffix: ".bin" },
  python: { directory: "cifar-100-python", archive: "cifar-100-python.tar.gz", suffix: "" },
  sha256: null,
  md5: {
    binaryArchive: "03b5dce01913d631647c71ecec9e9cb8",
    pickles: { train: "16019d7e3df5f24257cddd939b257f8d", test: "f0ef6b0ae62326f3e7ffdfab6717acfc" },
  },
  megabytes: 169,
};
